import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { rememberDevice, trustDevice } from "@/lib/sessions/device-store";
import { insertSession, noteOrganization, noteSignIn } from "@/lib/sessions/session-store";
import type { RequestFacts } from "@/lib/shared/caller";

export interface SessionGrant {
  userId: string;
  organizationId: string;
  acr: string;
  amr: string[];
  /** How long this browser is spared the second factor from now on; 0 or left out, not at all. */
  trustDeviceDays?: number;
  /** The longest that the organization lets it go on, where it says so. */
  lifetimeSeconds?: number;
}

/**
 * Opens a session with a new secret, never an existing one, so that a cookie
 * planted before sign-in opens nothing afterwards (ATK-32). Returns the secret,
 * which exists nowhere else; the database keeps its SHA-256.
 */
export async function createSession(
  { trustDeviceDays = 0, lifetimeSeconds, ...grant }: SessionGrant,
  deviceSecret: string | undefined,
  request: RequestFacts,
  tx: Db,
): Promise<{ sessionId: string; secret: string }> {
  const { idleLifetimeSeconds, absoluteLifetimeSeconds } = getConfig().session;
  // The rule is asked at each request too; here it keeps the session over if the rule goes.
  const longestSeconds = Math.min(
    absoluteLifetimeSeconds,
    lifetimeSeconds ?? Number.POSITIVE_INFINITY,
  );
  const secret = newSecret();
  const sessionId = newId();
  const deviceId = isSecret(deviceSecret)
    ? await rememberDevice(grant.userId, hashSecret(deviceSecret), request.userAgent, tx)
    : null;
  if (deviceId !== null && trustDeviceDays > 0) await trustDevice(deviceId, trustDeviceDays, tx);
  await insertSession(
    {
      ...grant,
      id: sessionId,
      tokenHash: hashSecret(secret),
      deviceId,
      ip: request.ip,
      userAgent: request.userAgent,
      idleLifetimeSeconds: Math.min(idleLifetimeSeconds, longestSeconds),
      absoluteLifetimeSeconds: longestSeconds,
    },
    tx,
  );
  await noteSignIn(grant.userId, tx);
  await noteOrganization(grant.userId, grant.organizationId, tx);
  await recordEvent(
    {
      action: "session.created",
      outcome: "success",
      actor: {
        type: "user",
        id: grant.userId,
        sessionId,
        organizationId: grant.organizationId,
      },
      target: { type: "session", id: sessionId },
      after: { acr: grant.acr, amr: grant.amr },
    },
    request,
    tx,
  );
  return { sessionId, secret };
}
