import "server-only";
import "#node-only";
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import {
  type AuditKeyRow,
  findAuditKeyRows,
  insertAuditKey,
  retireAuditKeysExcept,
} from "@/lib/audit-chain/audit-key-store";
import type { Db } from "@/lib/platform/db/client";
import { seal, unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import type { SealedColumn } from "@/lib/platform/reencryption";

/** RFC 9864: EdDSA with the curve in its name. */
export const CHECKPOINT_ALGORITHM = "Ed25519";

const placeOf = (id: string): string => `audit_keys.sealed:${id}`;

/** Where the keys of the audit log are kept. */
export const SEALED_AUDIT_KEYS: SealedColumn = {
  table: "audit_keys",
  column: "sealed",
  key: "id",
  placeOf,
};

export interface AuditKey {
  id: string;
  /** For links, which only the program checks. */
  mac: Uint8Array;
  /** For statements, which everybody checks by `publicJwk`. */
  privateJwk: JWK;
  publicJwk: JWK;
}

interface Secrets {
  mac: string;
  privateJwk: JWK;
}

function opened({ id, publicJwk, sealed }: AuditKeyRow): AuditKey {
  const secrets = JSON.parse(unseal(sealed, placeOf(id)).toString()) as Secrets;
  return { id, publicJwk, privateJwk: secrets.privateJwk, mac: Buffer.from(secrets.mac, "base64") };
}

/** Every key that has ever sealed, by its id. Throws `SealBroken` where one cannot be opened. */
export async function loadAuditKeys(db?: Db): Promise<Map<string, AuditKey>> {
  const rows = await findAuditKeyRows(db);
  return new Map(rows.map((row) => [row.id, opened(row)]));
}

/** What others check statements by, also those of former keys (RFC 7517). */
export const listPublicAuditKeys = async (db?: Db): Promise<JWK[]> =>
  (await findAuditKeyRows(db)).map(({ publicJwk }) => publicJwk);

/** The key that seals now; made at the first call. Only under the lock of the chain. */
export async function currentAuditKey(tx: Db): Promise<AuditKey> {
  const rows = await findAuditKeyRows(tx);
  const current = rows.findLast(({ retiredAt }) => retiredAt === null);
  return current === undefined ? addAuditKey(tx) : opened(current);
}

/** A key that seals from now on in place of the former. Only under the lock of the chain. */
export async function addAuditKey(tx: Db): Promise<AuditKey> {
  const id = newId();
  const pair = await generateKeyPair(CHECKPOINT_ALGORITHM, { extractable: true });
  const privateJwk = await exportJWK(pair.privateKey);
  const publicJwk: JWK = {
    ...(await exportJWK(pair.publicKey)),
    kid: id,
    alg: CHECKPOINT_ALGORITHM,
    use: "sig",
  };
  const mac = randomBytes(32);
  const secrets: Secrets = { mac: mac.toString("base64"), privateJwk };
  const sealed = seal(Buffer.from(JSON.stringify(secrets)), placeOf(id));
  await insertAuditKey({ id, publicJwk, sealed }, tx);
  await retireAuditKeysExcept(id, tx);
  return { id, mac, privateJwk, publicJwk };
}
