import "server-only";
import type { AdapterPayload } from "oidc-provider";
import { Prisma } from "@/generated/prisma/client";
import { idOf } from "@/lib/oidc/artifact-store";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

const KIND = "DeviceCode";

/** Nobody has answered it, and it can still be answered. */
const OPEN = `a.expires_at > now() AND a.consumed_at IS NULL
              AND NOT a.payload ? 'accountId' AND NOT a.payload ? 'error'`;

/** Stores a device code and the code that a person types for it, by one statement; neither in clear. */
export async function insertDeviceRequest(
  deviceCode: string,
  userCodeHash: Uint8Array,
  payload: AdapterPayload,
  lifetimeSeconds: number,
  intervalSeconds: number,
): Promise<void> {
  await pool().query({
    name: "insert-device-request",
    text: `WITH stored AS (
             INSERT INTO oidc_artifacts (id, kind, payload, expires_at)
             VALUES ($1, '${KIND}', $2, now() + make_interval(secs => $3)) RETURNING id)
           INSERT INTO oidc_device_requests (artifact_id, user_code_hash, interval_seconds)
           SELECT id, $4, $5 FROM stored`,
    values: [
      idOf(KIND, deviceCode),
      payload,
      lifetimeSeconds,
      Buffer.from(userCodeHash),
      intervalSeconds,
    ],
  });
}

/**
 * Notes that a device asks whether it has been answered; true when it asked too
 * soon, and then has to wait longer from now on. One statement, so that many at
 * once are one question and the rest too soon. False for what is not open.
 */
export async function isPolledTooSoon(
  deviceCode: string,
  { toleranceSeconds, stepSeconds, intervalMaxSeconds }: Record<string, number>,
): Promise<boolean> {
  const { rows } = await pool().query<{ tooSoon: boolean }>({
    name: "poll-device-request",
    text: `WITH before AS (
             SELECT r.artifact_id,
                    COALESCE(r.polled_at > clock_timestamp()
                             - make_interval(secs => r.interval_seconds - $2), false) AS too_soon
               FROM oidc_device_requests r JOIN oidc_artifacts a ON a.id = r.artifact_id
              WHERE r.artifact_id = $1 AND ${OPEN}
                FOR UPDATE OF r)
           UPDATE oidc_device_requests r
              SET polled_at = clock_timestamp(),
                  interval_seconds = CASE WHEN b.too_soon
                    THEN LEAST(r.interval_seconds + $3, $4) ELSE r.interval_seconds END
             FROM before b WHERE r.artifact_id = b.artifact_id
           RETURNING b.too_soon AS "tooSoon"`,
    values: [idOf(KIND, deviceCode), toleranceSeconds, stepSeconds, intervalMaxSeconds],
  });
  return rows[0]?.tooSoon === true;
}

/** The open request behind a user code; null for everything else. */
export async function findOpenDeviceRequest(
  userCodeHashes: Uint8Array[],
): Promise<{ payload: AdapterPayload; createdAt: Date } | null> {
  const { rows } = await pool().query<{ payload: AdapterPayload; createdAt: Date }>({
    name: "find-device-request",
    text: `SELECT a.payload, a.created_at AS "createdAt"
             FROM oidc_device_requests r JOIN oidc_artifacts a ON a.id = r.artifact_id
            WHERE r.user_code_hash = ANY($1::bytea[]) AND ${OPEN}`,
    values: [userCodeHashes.map((hash) => Buffer.from(hash))],
  });
  return rows[0] ?? null;
}

/**
 * Answers an open request, and stores the grant that the answer gives. One
 * conditional statement: of many answers the first counts, and only it grants
 * anything (DEC-1, ATK-29). False for all others.
 */
export async function answerDeviceRequest(
  userCodeHashes: Uint8Array<ArrayBuffer>[],
  answer: object,
  grant: { id: string; payload: AdapterPayload; lifetimeSeconds: number } | null,
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<{ answered: boolean }[]>`
    WITH answered AS (
      UPDATE oidc_artifacts a
         SET payload = a.payload || ${JSON.stringify(answer)}::jsonb, grant_id = ${grant?.id ?? null}
        FROM oidc_device_requests r
       WHERE r.artifact_id = a.id AND r.user_code_hash = ANY(${userCodeHashes}::bytea[])
         AND ${Prisma.raw(OPEN)}
      RETURNING a.id),
    granted AS (
      INSERT INTO oidc_grants (id, client_id, user_id, payload, expires_at)
      SELECT ${grant?.id ?? null}, ${grant?.payload.clientId ?? null},
             ${grant?.payload.accountId ?? null}::uuid, ${JSON.stringify(grant?.payload ?? {})}::jsonb,
             now() + make_interval(secs => ${grant?.lifetimeSeconds ?? 0}::double precision)
        FROM answered WHERE ${grant !== null}
      ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at
       WHERE oidc_grants.client_id = excluded.client_id AND oidc_grants.user_id = excluded.user_id)
    SELECT EXISTS (SELECT 1 FROM answered) AS answered`;
  return rows[0]?.answered === true;
}
