import "server-only";
import type { JWK } from "jose";
import type { SigningKeyState } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface SigningKeyRow {
  kid: string;
  alg: string;
  state: SigningKeyState;
  publicJwk: JWK;
  sealed: Uint8Array;
  createdAt: Date;
  since: Date;
}

const ORDER: Record<SigningKeyState, number> = { current: 0, next: 1, previous: 2, retired: 3 };

/** All keys, those that sign first. */
export async function findSigningKeys(db: Db = prisma()): Promise<SigningKeyRow[]> {
  const rows = await db.signingKey.findMany({ orderBy: [{ createdAt: "desc" }] });
  return rows
    .map((row) => ({ ...row, publicJwk: row.publicJwk as JWK }))
    .sort((one, other) => ORDER[one.state] - ORDER[other.state]);
}

/** Changes of keys wait for each other until the end of the transaction. */
export async function lockSigningKeys(tx: Db): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('signing_keys'))`;
}

export async function insertSigningKey(
  key: Omit<SigningKeyRow, "createdAt" | "since" | "sealed"> & { sealed: Uint8Array<ArrayBuffer> },
  tx: Db,
): Promise<void> {
  await tx.signingKey.create({ data: { ...key, publicJwk: key.publicJwk as object } });
}

export async function moveSigningKey(
  kid: string,
  from: SigningKeyState,
  to: SigningKeyState,
  tx: Db,
): Promise<boolean> {
  const moved = await tx.$executeRaw`
    UPDATE signing_keys
       SET state = ${to}::signing_key_state, since = now(),
           sealed = CASE WHEN ${to} = 'retired' THEN ''::bytea ELSE sealed END
     WHERE kid = ${kid} AND state = ${from}::signing_key_state`;
  return moved === 1;
}

/** Retires keys that have signed nothing for so long; what retires keeps no private part. */
export async function retireOldKeys(keepSeconds: number, tx: Db): Promise<number> {
  return tx.$executeRaw`
    UPDATE signing_keys SET state = 'retired', since = now(), sealed = ''::bytea
     WHERE state = 'previous' AND since < now() - make_interval(secs => ${keepSeconds}::double precision)`;
}

/** Kids of keys that have been in a state for at least so long. */
export async function listKeysInStateSince(
  state: SigningKeyState,
  seconds: number,
  tx: Db,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ kid: string }[]>`
    SELECT kid FROM signing_keys
     WHERE state = ${state}::signing_key_state
       AND since <= now() - make_interval(secs => ${seconds}::double precision)`;
  return rows.map(({ kid }) => kid);
}
