import "server-only";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import { hostCookieName } from "@/lib/platform/http/host-cookie-name";
import { principalFrom } from "@/lib/sessions/principal-row";
import {
  type ActiveSessionRow,
  findActiveSession,
  findActiveSessionOf,
  findLiveSessionOwner,
  touchSession,
} from "@/lib/sessions/session-store";
import { minutes } from "@/lib/shared/duration";
import type { Impersonation, Principal } from "@/lib/shared/principal";

export const SESSION_COOKIE = "session";
export const sessionCookieName = (): string => hostCookieName(SESSION_COOKIE);

/** Takes the session cookie out of a browser. */
export const clearedSessionCookie = (): string =>
  [
    `${sessionCookieName()}=`,
    "Path=/",
    "Max-Age=0",
    "HttpOnly",
    "SameSite=Lax",
    ...(getConfig().secureCookies ? ["Secure"] : []),
  ].join("; ");

export interface Asking {
  /** Nobody made the request by hand: it does not keep an idle session from ending. */
  passive?: boolean;
}

/**
 * The principal behind a session cookie's value, or null for anything else:
 * no cookie, another cookie's value, an ended or expired session, a disabled
 * user, a membership that is gone, a session in which somebody else acts as the user (F101).
 * Throws when the database cannot say, so that an outage is never read as "signed in" (INV-5,
 * GHSA-8fpg-xm3f-6cx3).
 */
export async function findPrincipal(
  cookieValue: string | undefined,
  asking: Asking = {},
): Promise<Principal | null> {
  const principal = await findPrincipalOrImpersonated(cookieValue, asking);
  return principal?.act === undefined ? principal : null;
}

/**
 * The same, also where somebody acts as the user: whether they still may is for the caller to ask.
 * What does not know of such sessions asks {@link findPrincipal}, to which they are none.
 */
export async function findPrincipalOrImpersonated(
  cookieValue: string | undefined,
  { passive = false }: Asking = {},
): Promise<Principal | null> {
  return isSecret(cookieValue)
    ? principalOf(await findActiveSession(hashSecret(cookieValue)), { passive })
    : null;
}

/**
 * The principal of a session that a verified token names, or null; judged as by
 * its cookie. `clientId` says which app has the token, null that it is our own. Only our own use moves the end of an idle session: an app that acts
 * for somebody is no sign that they are there.
 */
export async function findPrincipalOfSession(
  sessionId: string,
  userId: string,
  clientId: string | null,
  { passive = false }: Asking = {},
): Promise<Principal | null> {
  const row = await findActiveSessionOf(sessionId, userId);
  const principal = await principalOf(row, { clientId, passive });
  return principal?.act === undefined ? principal : null;
}

/**
 * A use of the session by a refresh of our own tokens: it may lie unused from now
 * on for as long as the refresh token is good, within its absolute end. One that
 * waits for its user to confirm it goes on waiting.
 */
export async function keepSession(
  sessionId: string,
  userId: string,
  idleLifetimeSeconds: number,
): Promise<void> {
  const row = await findActiveSessionOf(sessionId, userId);
  if (row?.impersonatorId === null && row.idleBeyondSeconds === null)
    await touchSession(sessionId, idleLifetimeSeconds);
}

/** Whose session it is, while it opens doors; it is not used by being asked for. */
export const findUserOfSession = (sessionId: string): Promise<string | null> =>
  findLiveSessionOwner(sessionId);

async function principalOf(
  row: ActiveSessionRow | null,
  { clientId = null, passive = false }: { clientId?: string | null; passive?: boolean },
): Promise<Principal | null> {
  if (row === null) return null;
  const { idleLifetimeSeconds } = getConfig().session;
  // Seen is written at most once a minute, so that reading does not become writing.
  const touchAfterSeconds = Math.min(minutes(1), Math.floor(idleLifetimeSeconds / 4));
  // Being asked to confirm is no use of it: else the next request would find it fresh.
  const isUse = clientId === null && !passive && row.idleBeyondSeconds === null;
  const unseenMs = row.asOf.getTime() - row.lastSeenAt.getTime();
  if (isUse && unseenMs > touchAfterSeconds * 1_000)
    await touchSession(row.shownById, idleLifetimeSeconds);
  const act = impersonationIn(row);
  return {
    ...principalFrom(row),
    // What the user has to do first is for the user; whoever acts as them has done their own.
    ...(act && {
      act,
      mfaRequired: false,
      passwordExpired: false,
      singleSignOnMissing: false,
      termsPending: false,
    }),
    means: clientId === null ? "session" : "app",
    clientId,
    session: {
      id: row.shownById,
      acr: row.acr,
      amr: row.amr,
      authTime: row.authTime,
      deviceTrusted: row.deviceTrusted,
      idleBeyondSeconds: act === null ? row.idleBeyondSeconds : null,
    },
  };
}

function impersonationIn(row: ActiveSessionRow): Impersonation | null {
  const { impersonatorId, impersonatorEmail, impersonatorName, impersonatorSessionId } = row;
  if (impersonatorId === null || impersonatorSessionId === null) return null;
  return {
    userId: impersonatorId,
    email: impersonatorEmail ?? "",
    name: impersonatorName,
    sessionId: impersonatorSessionId,
    reason: row.impersonationReason ?? "",
    until: row.endsAt,
  };
}
