import "server-only";
import { readFromReplica } from "@/lib/audit/read-from-replica";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { accessibleRows, can } from "@/lib/authz/decide";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { inTransaction } from "@/lib/platform/db/transaction";
import {
  countLiveSessions,
  listLiveSessions,
  listSessionsOf,
  type SessionListingResult,
} from "@/lib/sessions/list-live-sessions";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";
import type { PageRequest } from "@/lib/shared/keyset-page";
import { governUser, listBeyondAccount } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findMemberRow, matchingPerson } from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";

/** One page of everybody's live sessions in the caller's organization, newest first (F32). */
export async function listEverySession(
  caller: Caller,
  { q, ...page }: PageRequest & { q?: string | undefined },
): Promise<SessionListingResult> {
  await authorize(caller, USER_PERMISSIONS.revokeSessions);
  const { principal } = caller;
  const reachable = await accessibleRows(caller, USER_PERMISSIONS.revokeSessions);
  const wanted = q === undefined || q === "" ? {} : matchingPerson(q);
  return readFromReplica(caller, (db) =>
    listLiveSessions(principal.organizationId, { AND: [reachable, wanted] }, page, db),
  );
}

/** How many sessions {@link listEverySession} has for the caller, up to a bound; null for whoever may not see them. */
export async function countEverySession(caller: Caller): Promise<number | null> {
  if (!(await can(caller, USER_PERMISSIONS.revokeSessions))) return null;
  const reachable = await accessibleRows(caller, USER_PERMISSIONS.revokeSessions);
  return readFromReplica(caller, (db) =>
    countLiveSessions(caller.principal.organizationId, reachable, db),
  );
}

/**
 * The live sessions of a user that are the caller's to end, or null when the organization has no such
 * member: those in it, and everywhere for whoever may end sessions wherever the user belongs (ATK-43).
 */
export async function listUserSessions(caller: Caller, userId: string, countMax?: number) {
  await authorize(caller, USER_PERMISSIONS.revokeSessions, await askedUser(caller, userId));
  const { organizationId } = caller.principal;
  const user = await findMemberRow(userId, organizationId);
  if (user === null) return null;
  const beyond = await inTransaction((tx) =>
    listBeyondAccount(caller, [USER_PERMISSIONS.revokeSessions], userId, tx),
  );
  const sessions = await listSessionsOf(userId, {
    organizationId: beyond.length > 0 ? organizationId : undefined,
    countMax,
  });
  return sessions.map(({ impersonatorId, ...session }) => ({
    ...session,
    impersonated: impersonatorId !== null,
  }));
}

export type SessionsEnding =
  | { outcome: "ended"; count: number }
  | { outcome: "not-found" }
  | BeyondOwn;

/**
 * Ends one session of a user who is nobody above the caller, or with null all of them (ATK-42): of
 * those that {@link listUserSessions} shows, and no others.
 */
export async function endUserSessions(
  caller: Caller,
  userId: string,
  sessionId: string | null,
): Promise<SessionsEnding> {
  const permission = USER_PERMISSIONS.revokeSessions;
  await authorize(caller, permission, await askedUser(caller, userId));
  const authority = asCaller(caller);
  return inTransaction(async (tx): Promise<SessionsEnding> => {
    const governed = await governUser(authority, permission, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { organizationId } = governed;
    const beyond = await listBeyondAccount(caller, [permission], userId, tx);
    const count = await revokeSessions(
      userId,
      {
        ...(sessionId !== null && { only: sessionId }),
        ...(beyond.length > 0 && { organizationId }),
      },
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
