import "server-only";
import type { JWK } from "jose";
import {
  type OidcClientAuth,
  type OidcClientKind,
  type OidcClientSource,
  type OidcSigningAlgorithm,
  Prisma,
} from "@/generated/prisma/client";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";

export interface ClientRow {
  id: string;
  name: string;
  source: OidcClientSource;
  kind: OidcClientKind;
  authMethod: OidcClientAuth;
  jwks: { keys: JWK[] } | null;
  jwksUri: string | null;
  firstParty: boolean;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  backchannelLogoutUri: string | null;
  scopes: string[];
  idTokenAlgorithm: OidcSigningAlgorithm;
  requirePushedRequests: boolean;
  secretHashes: Uint8Array[];
  pairwiseSector: string | null;
  /** The list of its addresses at other hosts, as it was asked for when they were registered. */
  pairwiseSectorUri: string | null;
  /** What a client that has registered itself says beyond that; null for every other. */
  metadata: Record<string, unknown> | null;
}

/**
 * A client, unless it is disabled. Every request to the token endpoint asks this.
 * What a client of a document is, is said by that document alone.
 */
export async function findClientRow(id: string): Promise<ClientRow | null> {
  // PostgreSQL knows no NUL, and takes one for a fault of ours.
  return id.includes("\u0000") ? null : lookUp(id);
}

const lookUp = batchedLookup<string, ClientRow>({
  name: "find-oidc-clients",
  text: `SELECT id AS key, id, name, source, kind, auth_method AS "authMethod", jwks,
                jwks_uri AS "jwksUri", first_party AS "firstParty",
                redirect_uris AS "redirectUris",
                post_logout_redirect_uris AS "postLogoutRedirectUris",
                backchannel_logout_uri AS "backchannelLogoutUri", scopes,
                id_token_algorithm AS "idTokenAlgorithm", metadata,
                require_pushed_requests AS "requirePushedRequests",
                pairwise_sector AS "pairwiseSector", pairwise_sector_uri AS "pairwiseSectorUri",
                ARRAY(SELECT s.hash FROM oidc_client_secrets s
                       WHERE s.client_id = c.id ORDER BY s.id) AS "secretHashes"
           FROM oidc_clients c
          WHERE id = ANY($1::text[]) AND disabled_at IS NULL AND source <> 'document'`,
  textOf: (id) => id,
});

/** Whether somebody has disabled a client that is known by other means than its row. */
export async function isClientDisabled(id: string): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "is-oidc-client-disabled",
    text: "SELECT 1 FROM oidc_clients WHERE id = $1 AND disabled_at IS NOT NULL",
    values: [id],
  });
  return rowCount === 1;
}

/** A place for what users allow a client that is known by a document. It is no way in. */
export async function keepDocumentClient(id: string): Promise<void> {
  await pool().query(
    `INSERT INTO oidc_clients
       (id, name, source, kind, auth_method, redirect_uris, scopes)
     VALUES ($1, $2, 'document', 'native', 'none', '{}', '{}') ON CONFLICT (id) DO NOTHING`,
    [id, id.replace(/^https:\/\//i, "")],
  );
}

const dataOf = ({ secretHashes: _, jwks, metadata, ...client }: ClientRow) => ({
  ...client,
  jwks: jwks === null ? Prisma.DbNull : (jwks as object),
  metadata: metadata === null ? Prisma.DbNull : (metadata as object),
});

export async function insertClient(client: ClientRow, db: Db = prisma()): Promise<void> {
  await db.oidcClient.create({ data: dataOf(client) });
  for (const hash of client.secretHashes) await insertSecret(client.id, hash, db);
}

export function insertSecret(
  clientId: string,
  hash: Uint8Array,
  db: Db,
): Promise<{ id: string; createdAt: Date }> {
  return db.oidcClientSecret.create({
    data: { id: newId(), clientId, hash: new Uint8Array(hash) },
    select: { id: true, createdAt: true },
  });
}

export function listClientRows(db: Db = prisma()) {
  return db.oidcClient.findMany({ orderBy: [{ name: "asc" }, { id: "asc" }] });
}

/** When a client was last seen, and with which secret, at most once a minute each. */
export async function touchClient(id: string, secretHash: Uint8Array | null): Promise<void> {
  await pool().query({
    name: "touch-oidc-client",
    text: `WITH secret AS (
             UPDATE oidc_client_secrets SET last_used_at = now()
              WHERE client_id = $1 AND hash = $2
                AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))
           UPDATE oidc_clients SET last_used_at = now()
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    values: [id, secretHash && Buffer.from(secretHash)],
  });
}

/** What a client is called and where it is told of logouts, also of one that is disabled; null for none. */
export function findClientName(
  id: string,
  db: Db = prisma(),
): Promise<{ name: string; backchannelLogoutUri: string | null } | null> {
  // PostgreSQL knows no NUL.
  return db.oidcClient.findFirst({
    where: { id: id.replaceAll("\u0000", " ") },
    select: { name: true, backchannelLogoutUri: true },
  });
}

/** The client whose record a registration token may change. */
export async function findClientOfRegistrationToken(hash: Uint8Array): Promise<string | null> {
  const { rows } = await pool().query<{ id: string }>(
    "SELECT id FROM oidc_clients WHERE registration_token_hash = $1 AND source = 'dynamic'",
    [Buffer.from(hash)],
  );
  return rows[0]?.id ?? null;
}

/** The next token of a client that has none at the moment; false when it has. */
export async function setRegistrationToken(id: string, hash: Uint8Array): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE oidc_clients SET registration_token_hash = $2
      WHERE id = $1 AND source = 'dynamic' AND registration_token_hash IS NULL`,
    [id, Buffer.from(hash)],
  );
  return rowCount === 1;
}

export async function clearRegistrationToken(hash: Uint8Array): Promise<void> {
  await pool().query(
    "UPDATE oidc_clients SET registration_token_hash = NULL WHERE registration_token_hash = $1",
    [Buffer.from(hash)],
  );
}

/**
 * Writes what a client says of itself now and uses up the token by which it does;
 * false when that has been used before. One conditional statement (DEC-1). What it may
 * ask for, and whether its users are asked, is not its own to say and stays; so do secrets
 * that it keeps: others may have changed them meanwhile.
 */
export async function updateDynamicClient(
  { keepsSecrets, ...client }: ClientRow & { keepsSecrets: boolean },
  tokenHash: Uint8Array<ArrayBuffer>,
  tx: Db,
): Promise<boolean> {
  const { id, scopes: _scopes, firstParty: _firstParty, ...data } = dataOf(client);
  const { count } = await tx.oidcClient.updateMany({
    where: { id, source: "dynamic", registrationTokenHash: tokenHash },
    data: { ...data, registrationTokenHash: null, version: { increment: 1 } },
  });
  if (count === 0) return false;
  if (keepsSecrets && client.secretHashes.length > 0) return true;
  await tx.oidcClientSecret.deleteMany({ where: { clientId: id } });
  for (const hash of client.secretHashes) await insertSecret(id, hash, tx);
  return true;
}

/** False when the token has been used before, and deletes nothing then. */
export async function deleteDynamicClient(
  id: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  tx: Db,
): Promise<boolean> {
  const { count } = await tx.oidcClient.deleteMany({
    where: { id, source: "dynamic", registrationTokenHash: tokenHash },
  });
  return count === 1;
}
