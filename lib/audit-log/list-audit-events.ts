import "server-only";
import { z } from "zod";
import type { AuditOutcome } from "@/generated/prisma/client";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { readFromReplica } from "@/lib/audit/read-from-replica";
import type { AuditListing } from "@/lib/audit-log/audit-log.schema";
import {
  type AuditRow,
  findNames,
  listActionNames,
  listAuditRows,
} from "@/lib/audit-log/audit-log-store";
import { findParties, type UnknownParty } from "@/lib/audit-log/find-parties";
import { readsWithin } from "@/lib/audit-log/reads-within";
import { authorize } from "@/lib/authz/authorize";
import type { Caller } from "@/lib/shared/caller";
import { CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { isId } from "@/lib/shared/id.schema";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

/** Somebody or something that an event speaks of; the name is the present one, null when it is gone. */
export interface Party {
  type: string;
  id: string | null;
  name: string | null;
}

export interface AuditEvent {
  id: string;
  at: Date;
  action: string;
  outcome: AuditOutcome;
  actor: Party;
  /** The app that acted for the actor, if one did. */
  client: Party | null;
  /** As whom the actor acted, where it was not as themselves. */
  subject: Party | null;
  target: Party | null;
  reason: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  before: unknown;
  after: unknown;
}

export type AuditListingResult =
  | {
      outcome: "listed";
      events: AuditEvent[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" }
  /** Nothing has the names that these say. */
  | { outcome: "rejected"; reason: "unknown-party"; names: UnknownParty[] };

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  at: CursorTime,
  id: z.uuid(),
});

/**
 * One page of the audit log, newest first. Who may read it in one organization reads of what was
 * done there. Reading it is a feature apart from
 * writing it, because authorization writes its refusals and guards this.
 */
export async function listAuditEvents(
  caller: Caller,
  listing: AuditListing,
  { cursor, limit }: PageRequest,
): Promise<AuditListingResult> {
  const within = await readsWithin(caller);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const parties = await findParties(listing, within);
  if (parties.outcome === "unknown") {
    return { outcome: "rejected", reason: "unknown-party", names: parties.names };
  }
  const rows = await readFromReplica(caller, (db) =>
    listAuditRows(parties.filter, place, limit + 1, db),
  );
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: AuditRow | null, walk: Walk) =>
    row && encodeCursor({ walk, at: row.at.toISOString(), id: row.id });
  return {
    outcome: "listed",
    events: await named(items),
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** The newest events that the user caused, that befell them, or that somebody else caused as them. */
export async function listEventsOfUser(
  caller: Caller,
  userId: string,
  count: number,
): Promise<AuditEvent[]> {
  const organizationId = await readsWithin(caller);
  const found = await Promise.all([
    listAuditRows({ organizationId, actors: { ids: [userId] } }, null, count),
    listAuditRows({ organizationId, targets: [userId] }, null, count),
    listAuditRows({ organizationId, subjectId: userId }, null, count),
  ]);
  const byId = new Map(found.flat().map((row) => [row.id, row]));
  const newest = [...byId.values()].sort((a, b) => b.at.getTime() - a.at.getTime());
  return named(newest.slice(0, count));
}

async function named(rows: AuditRow[]): Promise<AuditEvent[]> {
  const present = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  const names = await findNames(
    present(
      rows.flatMap(({ actorId, targetId, subjectId }) => [actorId, targetId, subjectId]),
    ).filter(isId),
    present(rows.map(({ clientId }) => clientId)),
  );
  const party = (type: string, id: string | null): Party => ({
    type,
    id,
    name: id === null ? null : (names.get(id) ?? null),
  });
  return rows.map(({ actorType, actorId, clientId, subjectId, targetType, targetId, ...row }) => ({
    ...row,
    actor: party(actorType, actorId),
    client: clientId === null ? null : party("client", clientId),
    subject: subjectId === null ? null : party("user", subjectId),
    target: targetType === null ? null : party(targetType, targetId),
  }));
}

/** The actions that the log can be narrowed to: those that have happened. */
export async function listAuditActions(caller: Caller): Promise<string[]> {
  await authorize(caller, AUDIT_PERMISSIONS.view);
  return readFromReplica(caller, listActionNames);
}
