import "server-only";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import { principalFrom } from "@/lib/sessions/principal-row";
import {
  findActiveSession,
  findLiveSessionOwner,
  findSessionTokenHash,
  touchSession,
} from "@/lib/sessions/session-store";
import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

/** `__Host-` pins the cookie to this very host and to https (RFC 6265bis §4.1.3.2). */
export const sessionCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_session" : "gatehouse_session";

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

/**
 * The principal behind a session cookie's value, or null for anything else:
 * no cookie, another cookie's value, an ended or expired session, a disabled
 * user, a membership that is gone. Throws when the database cannot say, so that
 * an outage is never read as "signed in" (INV-5, GHSA-8fpg-xm3f-6cx3).
 */
export async function findPrincipal(cookieValue: string | undefined): Promise<Principal | null> {
  return isSecret(cookieValue) ? principalOf(hashSecret(cookieValue)) : null;
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
): Promise<Principal | null> {
  const tokenHash = await findSessionTokenHash(sessionId, userId);
  return tokenHash === null ? null : principalOf(tokenHash, clientId);
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
  const tokenHash = await findSessionTokenHash(sessionId, userId);
  const row = tokenHash && (await findActiveSession(tokenHash, 0));
  if (row?.idleBeyondSeconds === null) await touchSession(sessionId, idleLifetimeSeconds);
}

/** Whose session it is, while it opens doors; it is not used by being asked for. */
export const findUserOfSession = (sessionId: string): Promise<string | null> =>
  findLiveSessionOwner(sessionId);

async function principalOf(
  tokenHash: Uint8Array,
  clientId: string | null = null,
): Promise<Principal | null> {
  const { idleLifetimeSeconds } = getConfig().session;
  // Seen is written at most once a minute, so that reading does not become writing.
  const touchAfterSeconds = Math.min(minutes(1), Math.floor(idleLifetimeSeconds / 4));
  const row = await findActiveSession(tokenHash, touchAfterSeconds);
  if (row === null) return null;
  // Being asked to confirm is no use of it: else the next request would find it fresh.
  if (clientId === null && row.touchDue && row.idleBeyondSeconds === null)
    await touchSession(row.shownById, idleLifetimeSeconds);
  return {
    ...principalFrom(row),
    means: clientId === null ? "session" : "app",
    clientId,
    session: {
      id: row.shownById,
      acr: row.acr,
      amr: row.amr,
      authTime: row.authTime,
      deviceTrusted: row.deviceTrusted,
      idleBeyondSeconds: row.idleBeyondSeconds,
    },
  };
}
