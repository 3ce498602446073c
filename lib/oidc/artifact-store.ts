import "server-only";
import type { AdapterPayload } from "oidc-provider";
import { hashSecret } from "@/lib/platform/crypto";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { batchedWrite } from "@/lib/platform/db/batched-write";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

/** A value is stored under its hash and found by it alone. */
export const idOf = (kind: string, value: string): Buffer =>
  Buffer.from(hashSecret(`${kind}:${value}`));

export interface StoredArtifact {
  payload: AdapterPayload;
  consumedAt: Date | null;
  /** Consumed so short a while ago that the same request may be answered again (DEC-2). */
  justConsumed: boolean;
  /** Not expired, by the database's clock. */
  current: boolean;
}

/** How long the answer to one refresh is repeated to whoever did not get it (DEC-2). */
const REPLAY_WINDOW_SECONDS = 10;

/**
 * What was issued, also when it has expired or been consumed: the engine tells
 * these apart. Nothing of a user who may no longer sign in, and nothing of a
 * client that is disabled or gone.
 */
export const findArtifact = (kind: string, value: string): Promise<StoredArtifact | null> =>
  lookUp(idOf(kind, value));

const lookUp = batchedLookup<Buffer, StoredArtifact>({
  name: "find-oidc-artifacts",
  text: `SELECT a.id AS key, a.payload, a.consumed_at AS "consumedAt",
                a.expires_at > now() AS current,
                COALESCE(a.consumed_at > now() - make_interval(secs => $2), false) AS "justConsumed"
           FROM oidc_artifacts a
           LEFT JOIN oidc_grants g ON g.id = a.grant_id
           LEFT JOIN users u ON u.id = g.user_id
           LEFT JOIN oidc_clients c ON c.id = a.payload ->> 'clientId' AND c.disabled_at IS NULL
          WHERE a.id = ANY($1::bytea[]) AND (a.grant_id IS NULL OR u.status = 'active')
            AND (c.id IS NOT NULL OR a.payload ->> 'clientId' IS NULL)`,
  values: [REPLAY_WINDOW_SECONDS],
  textOf: (id) => id.toString("hex"),
});

/** Stores what is new, or the later state of what is there; what was consumed stays so. */
export async function saveArtifact(
  kind: string,
  value: string,
  payload: AdapterPayload,
  lifetimeSeconds: number,
): Promise<void> {
  const id = idOf(kind, value);
  if (kind === OF_NO_GRANT) return saveOfNoGrant({ id, payload, lifetimeSeconds });
  await pool().query({
    name: "save-oidc-artifact",
    text: `INSERT INTO oidc_artifacts (id, kind, payload, grant_id, expires_at)
           VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
           ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
    values: [id, kind, payload, payload.grantId ?? null, lifetimeSeconds],
  });
}

/** What a client gets for itself: always new, and taken back with no user's grant. */
const OF_NO_GRANT = "ClientCredentials";

const saveOfNoGrant = batchedWrite<{
  id: Buffer;
  payload: AdapterPayload;
  lifetimeSeconds: number;
}>({
  name: "save-oidc-artifacts",
  text: `INSERT INTO oidc_artifacts (id, kind, payload, expires_at)
         SELECT id, '${OF_NO_GRANT}', payload::jsonb, now() + make_interval(secs => lifetime)
           FROM unnest($1::bytea[], $2::text[], $3::double precision[]) AS row (id, payload, lifetime)
         ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
  columns: [
    ({ id }) => id,
    ({ payload }) => JSON.stringify(payload),
    ({ lifetimeSeconds }) => lifetimeSeconds,
  ],
});

/** Stores what must be new; false when it was there before. One statement: of many callers one wins. */
export async function saveUnseen(
  kind: string,
  value: string,
  payload: AdapterPayload,
  lifetimeSeconds: number,
): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "save-unseen-oidc-artifact",
    text: `INSERT INTO oidc_artifacts (id, kind, payload, expires_at)
           VALUES ($1, $2, $3, now() + make_interval(secs => $4)) ON CONFLICT (id) DO NOTHING`,
    values: [idOf(kind, value), kind, payload, lifetimeSeconds],
  });
  return rowCount === 1;
}

/** Uses something up; false when it has been, or never was. One conditional statement (DEC-1). */
export async function consumeArtifact(kind: string, value: string): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "consume-oidc-artifact",
    text: "UPDATE oidc_artifacts SET consumed_at = now() WHERE id = $1 AND consumed_at IS NULL",
    values: [idOf(kind, value)],
  });
  return rowCount === 1;
}

/**
 * Replaces a refresh token by its successor, by one conditional statement. The
 * same refresh may come again for ten seconds and finds the same successor, while
 * that has not been used itself: parallel tabs and lost answers sign nobody out.
 * False for every other use of a token that is used up (DEC-2, RFC 9700 §4.14.2).
 */
export async function replaceRefreshToken(
  predecessor: string,
  successor: string,
  payload: AdapterPayload,
  lifetimeSeconds: number,
  refresh: Uint8Array,
): Promise<boolean> {
  const { rows } = await pool().query<{ replaced: boolean }>({
    name: "replace-refresh-token",
    text: `WITH used AS (
             UPDATE oidc_artifacts SET consumed_at = COALESCE(consumed_at, now()), consumed_by = $6
              WHERE id = $1
                AND (consumed_at IS NULL
                     OR (consumed_at > now() - make_interval(secs => $7) AND consumed_by = $6
                         AND NOT EXISTS (SELECT 1 FROM oidc_artifacts s
                                          WHERE s.id = $2 AND s.consumed_at IS NOT NULL)))
             RETURNING id),
           stored AS (
             INSERT INTO oidc_artifacts (id, kind, payload, grant_id, expires_at)
             SELECT $2, 'RefreshToken', $3, $4, now() + make_interval(secs => $5) FROM used
             ON CONFLICT (id) DO NOTHING)
           SELECT EXISTS (SELECT 1 FROM used) AS replaced`,
    values: [
      idOf("RefreshToken", predecessor),
      idOf("RefreshToken", successor),
      payload,
      payload.grantId ?? null,
      lifetimeSeconds,
      Buffer.from(refresh),
      REPLAY_WINDOW_SECONDS,
    ],
  });
  return rows[0]?.replaced === true;
}

export async function deleteArtifact(kind: string, value: string): Promise<void> {
  await pool().query("DELETE FROM oidc_artifacts WHERE id = $1", [idOf(kind, value)]);
}

export async function deleteArtifactsOfGrant(kind: string, grantId: string): Promise<void> {
  await pool().query("DELETE FROM oidc_artifacts WHERE grant_id = $1 AND kind = $2", [
    grantId,
    kind,
  ]);
}

/** Deletes what expired an hour ago: until then "expired" can still be said; returns how many. */
export async function purgeExpiredArtifacts(): Promise<number> {
  const artifacts = await pool().query(
    `DELETE FROM oidc_artifacts
      WHERE expires_at < now() - CASE WHEN kind IN ('Interaction', 'PushedAuthorizationRequest')
                                      THEN interval '0' ELSE interval '1 hour' END`,
  );
  // What an initial token has made is on record; the row is shown for a month longer.
  await pool().query(
    "DELETE FROM oidc_initial_tokens WHERE expires_at < now() - interval '30 days'",
  );
  const grants = await pool().query("DELETE FROM oidc_grants WHERE expires_at < now()");
  return (artifacts.rowCount ?? 0) + (grants.rowCount ?? 0);
}

/**
 * Gives an interaction its answer to this prompt, unless it has one or asks for
 * something else by now: of two answers the first counts. Forgets what else is
 * named. One conditional statement (DEC-1).
 */
export async function answerInteraction(
  uid: string,
  prompt: string,
  result: object,
  { forgotten = [], db = prisma() }: { forgotten?: readonly string[]; db?: Db } = {},
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE oidc_artifacts
       SET payload = (payload - ${[...forgotten]}::text[])
                     || jsonb_build_object('result', ${JSON.stringify(result)}::jsonb)
     WHERE id = ${idOf("Interaction", uid)} AND kind = 'Interaction' AND expires_at > now()
       AND NOT payload ? 'result' AND payload -> 'prompt' ->> 'name' = ${prompt}`;
  return count === 1;
}

/** Lets an interaction that has no answer ask for something else, without what is forgotten of it (DEC-1). */
export async function askInstead(
  uid: string,
  prompt: { name: string; reasons: string[]; details: object },
  forgotten: readonly string[],
): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "change-oidc-interaction",
    text: `UPDATE oidc_artifacts
              SET payload = (payload - $3::text[]) || jsonb_build_object('prompt', $2::jsonb)
            WHERE id = $1 AND kind = 'Interaction' AND expires_at > now() AND NOT payload ? 'result'`,
    values: [idOf("Interaction", uid), JSON.stringify(prompt), forgotten],
  });
  return rowCount === 1;
}
