import "server-only";
import { type AuditEventInput, actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import {
  deleteSessionsOfOrganization,
  findSessionOwner,
  listLiveSessions,
  revokeSessionRows,
  type SessionMatch,
} from "@/lib/sessions/session-end-store";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { onlyPlaceOf } from "@/lib/shared/principal";

export type RevocationReason =
  | "signed_out"
  | "replaced_by_sign_in"
  | "revoked_by_user"
  | "revoked_by_administrator"
  | "password_changed"
  | "password_reset"
  | "factors_reset"
  | "limit_reached"
  | "not_me"
  | "token_reused"
  | "email_change_undone"
  | "upstream_sign_out"
  | "membership_ended"
  | "user_disabled"
  | "deletion_requested";

/**
 * Ends the user's matching sessions together with the change that calls for it.
 * Returns how many were ended; each bites on the next request everywhere.
 */
export async function revokeSessions(
  userId: string,
  match: SessionMatch,
  reason: RevocationReason,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<number> {
  const ids = await revokeSessionRows(userId, match, reason, tx);
  for (const id of ids) {
    await recordEvent(
      {
        action: "session.revoked",
        outcome: "success",
        actor,
        target: { type: "session", id },
        reason,
      },
      request,
      tx,
    );
  }
  return ids.length;
}

/** Ends the session that this browser's cookie opens, if it opens one, together with its next sign-in. */
export async function endReplacedSession(
  cookieValue: string | undefined,
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  await endSessionOf(cookieValue, "replaced_by_sign_in", request, tx);
}

async function endSessionOf(
  cookieValue: string | undefined,
  reason: RevocationReason,
  request: RequestFacts,
  tx: Db,
  onlyOf?: string,
): Promise<void> {
  if (!isSecret(cookieValue)) return;
  const session = await findSessionOwner(hashSecret(cookieValue), tx);
  if (session === null) return;
  const { id, userId, impersonatorId } = session;
  if (onlyOf !== undefined && userId !== onlyOf) return;
  const actor = {
    type: "user",
    id: impersonatorId ?? userId,
    sessionId: id,
    ...(impersonatorId !== null && { subjectId: userId }),
  } as const;
  await revokeSessions(userId, { only: id }, reason, actor, request, tx);
}

/** Ends those of a browser's kept sessions that are of the user who signs in: an account is there once. */
export async function endKeptSessionsOf(
  userId: string,
  secrets: readonly string[],
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  for (const secret of secrets) {
    await endSessionOf(secret, "replaced_by_sign_in", request, tx, userId);
  }
}

/** Ends every session that a browser holds the secret of, whosever they are (F36). */
export async function endBrowserSessions(
  secrets: readonly (string | undefined)[],
  reason: "signed_out" | "limit_reached",
  request: RequestFacts,
): Promise<void> {
  await inTransaction(async (tx) => {
    for (const secret of secrets) await endSessionOf(secret, reason, request, tx);
  });
}

/** Ends the caller's present session. */
export async function endOwnSession(caller: Caller, tx: Db): Promise<void> {
  const { userId, session } = caller.principal;
  const only = { only: session.id };
  await revokeSessions(
    userId,
    only,
    "signed_out",
    actorOfPrincipal(caller.principal),
    caller.request,
    tx,
  );
}

/** Ends the session of somebody who proved with a token of it that it is theirs. */
export async function endSession(
  userId: string,
  sessionId: string,
  request: RequestFacts,
): Promise<void> {
  const actor = { type: "user", id: userId, sessionId } as const;
  await inTransaction((tx) =>
    revokeSessions(userId, { only: sessionId }, "signed_out", actor, request, tx),
  );
}

/** Ends one of the caller's own sessions; "not-found" for any other id (ATK-43). */
export async function revokeOwnSession(
  caller: Caller,
  sessionId: string,
): Promise<{ outcome: "revoked" | "not-found" }> {
  const ended = await inTransaction((tx) =>
    revokeSessions(
      caller.principal.userId,
      { only: sessionId },
      "revoked_by_user",
      actorOfPrincipal(caller.principal),
      caller.request,
      tx,
    ),
  );
  return { outcome: ended === 1 ? "revoked" : "not-found" };
}

/** Ends every session of the caller but the present one; returns how many (F31). */
export async function revokeOtherSessions(caller: Caller): Promise<number> {
  return inTransaction((tx) =>
    revokeSessions(
      caller.principal.userId,
      { except: caller.principal.session.id },
      "revoked_by_user",
      actorOfPrincipal(caller.principal),
      caller.request,
      tx,
    ),
  );
}

/** The caller's own live sessions; the present one is marked (F30). */
export async function listOwnSessions({ principal }: Caller) {
  const sessions = await listLiveSessions(principal.userId, onlyPlaceOf(principal));
  return sessions.map(({ impersonatorId, ...session }) => ({
    ...session,
    // Who it is stays with the organization.
    impersonated: impersonatorId !== null,
    current: session.id === principal.session.id,
  }));
}

/**
 * Removes every session in an organization that is about to be deleted; returns how many. Clients
 * that one of them signed in to are told all the same. The event is that of the organization.
 */
export const endSessionsOfOrganization = (organizationId: string, tx: Db): Promise<number> =>
  deleteSessionsOfOrganization(organizationId, tx);
