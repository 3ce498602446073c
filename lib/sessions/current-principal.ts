import "server-only";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import { findActiveSession, touchSession } from "@/lib/sessions/session-store";
import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

/** `__Host-` pins the cookie to this very host and to https (RFC 6265bis §4.1.3.2). */
export const sessionCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_session" : "gatehouse_session";

/**
 * The principal behind a session cookie's value, or null for anything else:
 * no cookie, another cookie's value, an ended or expired session, a disabled
 * user, a membership that is gone. Throws when the database cannot say, so that
 * an outage is never read as "signed in" (INV-5, GHSA-8fpg-xm3f-6cx3).
 */
export async function findPrincipal(cookieValue: string | undefined): Promise<Principal | null> {
  if (!isSecret(cookieValue)) return null;
  const { idleLifetimeSeconds } = getConfig().session;
  // Seen is written at most once a minute, so that reading does not become writing.
  const touchAfterSeconds = Math.min(minutes(1), Math.floor(idleLifetimeSeconds / 4));
  const row = await findActiveSession(hashSecret(cookieValue), touchAfterSeconds);
  if (row === null) return null;
  if (row.touchDue) await touchSession(row.sessionId, idleLifetimeSeconds);
  return {
    userId: row.userId,
    email: row.email,
    name: row.name,
    organizationId: row.organizationId,
    organizationName: row.organizationName,
    session: {
      id: row.sessionId,
      acr: row.acr,
      amr: row.amr,
      authTime: row.authTime,
      deviceTrusted: row.deviceTrusted,
    },
    secondFactorEnrolled: row.secondFactorEnrolled,
    mfaRequired: row.mfaRequired,
    passwordExpired: row.passwordExpired,
    adminMfaRequired: row.adminMfaRequired,
    grantsVersion: row.grantsVersion,
  };
}
