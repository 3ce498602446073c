import "server-only";
import { z } from "zod";
import {
  type ActivityRow,
  listActivityRows,
  type WantedActivity,
} from "@/lib/audit-log/activity-store";
import {
  ACTIONS,
  factorIn,
  isSecurityAction,
  KINDS,
  type SecurityAction,
  type SecurityEvent,
} from "@/lib/audit-log/own-security-events";
import type { Caller } from "@/lib/shared/caller";
import { CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { onlyPlaceOf } from "@/lib/shared/principal";

/** What an activity can be narrowed to. */
export const ACTIVITY_KINDS = ["sign-ins", "changes", "refusals"] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export interface ActivityEvent extends Omit<SecurityEvent, "action"> {
  action: SecurityAction | null;
  /** What somebody else did as the user: as the audit log names it, for there is no end of it. */
  doneAsUser: string | null;
  /** Whether it was somebody else. Where they were is nobody's business then. */
  bySomebodyElse: boolean;
}

export type Activity =
  | {
      outcome: "listed";
      events: ActivityEvent[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" };

const Place = z.strictObject({ walk: z.enum(["next", "previous"]), at: CursorTime, id: z.uuid() });

/** Which events of their own a kind has; of what somebody else did as the user, all but sign-ins. */
function wantedOf(kind: ActivityKind | undefined): WantedActivity {
  switch (kind) {
    case undefined:
      return { actions: [...ACTIONS], asUser: true };
    case "sign-ins":
      return { actions: [...KINDS["sign-ins"]], outcome: "success", asUser: false };
    case "changes":
      return { actions: [...KINDS.changes], outcome: "success", asUser: true };
    case "refusals":
      return { actions: [...ACTIONS], outcome: { not: "success" }, asUser: true };
  }
}

/**
 * One page of what happened to the caller's own account, newest first: what they did, what was done
 * to them, and what somebody else did as them; never anything of anybody else's (F101).
 */
export async function listOwnActivity(
  { principal }: Caller,
  { kind, cursor, limit }: PageRequest & { kind?: ActivityKind | undefined },
): Promise<Activity> {
  const { userId } = principal;
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listActivityRows(
    userId,
    { ...wantedOf(kind), ...onlyPlaceOf(principal) },
    place,
    limit + 1,
  );
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: ActivityRow | null, walk: Walk) =>
    row && encodeCursor({ walk, at: row.at.toISOString(), id: row.id });
  return {
    outcome: "listed",
    events: items.map((row) => activityOf(row, userId)),
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

function activityOf(row: ActivityRow, userId: string): ActivityEvent {
  const { action, actorId, subjectId, after, ip, userAgent, ...rest } = row;
  const bySomebodyElse = actorId !== null && actorId !== userId;
  return {
    ...rest,
    action: isSecurityAction(action) ? action : null,
    doneAsUser: subjectId === userId ? action : null,
    factor: factorIn(after),
    bySomebodyElse,
    ip: bySomebodyElse ? null : ip,
    userAgent: bySomebodyElse ? null : userAgent,
  };
}
