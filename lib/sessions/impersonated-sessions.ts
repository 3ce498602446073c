import "server-only";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import {
  type ClaimedImpersonation,
  claimImpersonationRow,
  findImpersonationBySecret,
  findSessionEnd,
  listImpersonationRowsBy,
  listOverRows,
  lockOwnSessionRow,
  type PastImpersonation,
} from "@/lib/sessions/impersonated-session-store";
import { insertSession } from "@/lib/sessions/session-store";
import { AAL1 } from "@/lib/shared/assurance";

export type { ClaimedImpersonation, PastImpersonation };

export interface ImpersonatedSession {
  userId: string;
  organizationId: string;
  impersonation: { userId: string; sessionId: string; reason: string };
  lifetimeSeconds: number;
}

/**
 * Opens a session in which somebody acts as the user (F101). Nothing of its user was proven, so that
 * it is of the lowest class and by no method. It keeps neither address nor browser: they are not
 * the user's, whose list of sessions and known places they would come into.
 */
export async function openImpersonatedSession(
  { userId, organizationId, impersonation, lifetimeSeconds }: ImpersonatedSession,
  tx: Db,
): Promise<{ sessionId: string; secret: string; until: Date }> {
  const [sessionId, secret] = [newId(), newSecret()];
  await insertSession(
    {
      id: sessionId,
      tokenHash: hashSecret(secret),
      userId,
      organizationId,
      deviceId: null,
      ip: null,
      userAgent: null,
      acr: AAL1,
      amr: [],
      idleLifetimeSeconds: lifetimeSeconds,
      absoluteLifetimeSeconds: lifetimeSeconds,
      impersonation,
    },
    tx,
  );
  return { sessionId, secret, until: await findSessionEnd(sessionId, tx) };
}

/** True while the session is its user's own and lives; whoever else asks waits for the transaction. */
export const lockOwnSession = (id: string, userId: string, tx: Db): Promise<boolean> =>
  lockOwnSessionRow(id, userId, tx);

/** The sessions, not told of yet, in which whoever has this one acts as somebody else. */
export const listImpersonationsBy = (sessionId: string, tx: Db): Promise<string[]> =>
  listImpersonationRowsBy(sessionId, tx);

/** The session of a cookie's value in which somebody acts as its user, also one that has ended. */
export const findImpersonation = async (
  secret: string | undefined,
): Promise<PastImpersonation | null> =>
  isSecret(secret) ? findImpersonationBySecret(hashSecret(secret)) : null;

/**
 * Ends the session, if it has not ended, and takes on telling of its end: by one conditional
 * statement, so that of many who notice that it is over one tells. Null for all others.
 */
export const claimImpersonation = (
  id: string,
  reason: string,
  tx: Db,
): Promise<ClaimedImpersonation | null> => claimImpersonationRow(id, reason, tx);

/** Sessions that are over by themselves, by their user's doing or with that of whoever acted, and not told of. */
export const listOverImpersonations = (countMax: number): Promise<string[]> =>
  listOverRows(countMax);
