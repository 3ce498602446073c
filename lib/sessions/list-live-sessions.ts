import "server-only";
import { z } from "zod";
import type { Prisma } from "@/generated/prisma/client";
import type { ListDb } from "@/lib/platform/db/client";
import {
  countLiveSessionRows,
  type LiveSession,
  listLiveSessionRows,
} from "@/lib/sessions/session-directory-store";
import { listLiveSessions as listRowsOfUser } from "@/lib/sessions/session-end-store";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

export type { LiveSession };

const Place = z.strictObject({ walk: z.enum(["next", "previous"]), id: z.uuid() });

export type SessionListingResult =
  | {
      outcome: "listed";
      sessions: LiveSession[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** The organization's live sessions of these users, newest first. The caller has asked who may see them. */
export async function listLiveSessions(
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  { cursor, limit }: PageRequest,
  db?: ListDb,
): Promise<SessionListingResult> {
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listLiveSessionRows(organizationId, reachable, place, limit + 1, db);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (session: LiveSession | null, walk: Walk) =>
    session && encodeCursor({ walk, id: session.id });
  return {
    outcome: "listed",
    sessions: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** How many {@link listLiveSessions} has, up to a bound. */
export const countLiveSessions = (
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  db?: ListDb,
) => countLiveSessionRows(organizationId, reachable, db);

/** Every live session of one user, or those in one organization, or the first of these, last used first. */
export const listSessionsOf = (
  userId: string,
  which: { organizationId?: string | undefined; countMax?: number | undefined } = {},
) => listRowsOfUser(userId, which);
