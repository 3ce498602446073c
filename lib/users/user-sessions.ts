import "server-only";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { accessibleRows } from "@/lib/authz/decide";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { inTransaction } from "@/lib/platform/db/transaction";
import {
  listLiveSessions,
  listSessionsOf,
  type SessionListingResult,
} from "@/lib/sessions/list-live-sessions";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";
import type { PageRequest } from "@/lib/shared/keyset-page";
import { governUser } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findMemberRow, matchingPerson } from "@/lib/users/user-directory-store";

/** One page of everybody's live sessions in the caller's organization, newest first (F32). */
export async function listEverySession(
  caller: Caller,
  { q, ...page }: PageRequest & { q?: string | undefined },
): Promise<SessionListingResult> {
  await authorize(caller, USER_PERMISSIONS.revokeSessions);
  const { principal } = caller;
  const reachable = await accessibleRows(caller, USER_PERMISSIONS.revokeSessions);
  const wanted = q === undefined || q === "" ? {} : matchingPerson(q);
  return listLiveSessions(principal.organizationId, { AND: [reachable, wanted] }, page);
}

/** The live sessions of a user, or null when the organization has no such member. */
export async function listUserSessions(caller: Caller, userId: string) {
  await authorize(caller, USER_PERMISSIONS.revokeSessions, { id: userId });
  const user = await findMemberRow(userId, caller.principal.organizationId);
  return user && listSessionsOf(userId);
}

export type SessionsEnding =
  | { outcome: "ended"; count: number }
  | { outcome: "not-found" }
  | BeyondOwn;

/** Ends one session of a user, or with null all of them. The user is nobody above the caller (ATK-42). */
export async function endUserSessions(
  caller: Caller,
  userId: string,
  sessionId: string | null,
): Promise<SessionsEnding> {
  await authorize(caller, USER_PERMISSIONS.revokeSessions, { id: userId });
  const authority = asCaller(caller);
  return inTransaction(async (tx): Promise<SessionsEnding> => {
    const governed = await governUser(authority, USER_PERMISSIONS.revokeSessions, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const count = await revokeSessions(
      userId,
      sessionId === null ? {} : { only: sessionId },
      "revoked_by_administrator",
      actorOf(authority),
      caller.request,
      tx,
    );
    return sessionId !== null && count === 0
      ? { outcome: "not-found" }
      : { outcome: "ended", count };
  });
}
