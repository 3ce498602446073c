import "server-only";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import { SIGNING_ALGORITHMS } from "@/lib/oidc/client.schema";
import {
  findSigningKeys,
  insertSigningKey,
  listKeysInStateSince,
  lockSigningKeys,
  moveSigningKey,
  retireOldKeys,
  type SigningKeyRow,
} from "@/lib/oidc/signing-key-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { seal, unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import type { SealedColumn } from "@/lib/platform/reencryption";
import type { RequestFacts } from "@/lib/shared/caller";
import { days, hours } from "@/lib/shared/duration";

/** A key is published this long before it signs: whoever caches the set knows it by then. */
const PUBLISHED_BEFORE_USE_SECONDS = hours(1);
const ROTATED_AFTER_SECONDS = days(90);
/** Longer than anything that a key has signed is looked at. */
const KEPT_AFTER_USE_SECONDS = days(30);

const placeOf = (kid: string): string => `signing_keys.sealed:${kid}`;

/** Where private keys are kept. */
export const SEALED_SIGNING_KEYS: SealedColumn = {
  table: "signing_keys",
  column: "sealed",
  key: "kid",
  placeOf,
};

async function addKey(alg: string, state: "next" | "current", tx: Db): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const privateJwk = JSON.stringify(await exportJWK(privateKey));
  await insertSigningKey(
    {
      kid,
      alg,
      state,
      publicJwk: { ...publicJwk, kid, alg, use: "sig" },
      sealed: seal(Buffer.from(privateJwk), placeOf(kid)),
    },
    tx,
  );
}

/** Makes what is missing: of every algorithm one key that signs and one that waits. */
async function completeKeys(tx: Db): Promise<SigningKeyRow[]> {
  const keys = await findSigningKeys(tx);
  for (const alg of SIGNING_ALGORITHMS) {
    for (const state of ["current", "next"] as const) {
      if (!keys.some((key) => key.alg === alg && key.state === state)) await addKey(alg, state, tx);
    }
  }
  return findSigningKeys(tx);
}

export interface ProviderKeys {
  /** Changes whenever a key comes, goes or changes its state. */
  version: string;
  /** Private keys, those that sign first. */
  jwks: JWK[];
  /** The same without what is private. */
  publicKeys: JWK[];
}

/** The keys that the authorization server signs with and publishes; made at the first call. */
export async function loadProviderKeys(): Promise<ProviderKeys> {
  let rows = await findSigningKeys();
  if (!isComplete(rows)) {
    rows = await inTransaction(async (tx) => {
      await lockSigningKeys(tx);
      return completeKeys(tx);
    });
  }
  const live = rows.filter(({ state }) => state !== "retired");
  return {
    version: live.map(({ kid, state }) => `${kid}:${state}`).join(),
    publicKeys: live.map(({ publicJwk }) => publicJwk),
    jwks: live.map(({ kid, alg, sealed }) => ({
      ...(JSON.parse(unseal(sealed, placeOf(kid)).toString()) as JWK),
      kid,
      alg,
      use: "sig",
    })),
  };
}

const isComplete = (rows: SigningKeyRow[]): boolean =>
  SIGNING_ALGORITHMS.every((alg) =>
    ["current", "next"].every((state) =>
      rows.some((row) => row.alg === alg && row.state === state),
    ),
  );

/** What may be shown of the keys, and to everybody: nothing in it is private. */
export async function listSigningKeys() {
  const rows = await findSigningKeys();
  const later = (since: Date, seconds: number) => new Date(since.getTime() + seconds * 1000);
  return rows.map(({ kid, alg, state, createdAt, since }) => ({
    kid,
    alg,
    state,
    createdAt,
    since,
    /** When the schedule lets another key sign in its place; null for a key that does not sign. */
    rotationDueAt: state === "current" ? later(since, ROTATED_AFTER_SECONDS) : null,
    /** From when on it has been published for long enough to sign; null for a key that does not wait. */
    readyAt: state === "next" ? later(since, PUBLISHED_BEFORE_USE_SECONDS) : null,
  }));
}

export type Rotation =
  | { outcome: "rotated"; kids: string[] }
  /** The keys that wait have not been published for long enough: some verifier may not know them. */
  | { outcome: "too-early" };

/**
 * Lets the waiting key of every algorithm sign from now on. What the former ones
 * signed still verifies. Refused while a waiting key is younger than an hour,
 * unless the present keys have become known and must go: then `compromised`
 * retires all of them at once, those that wait as well, and what they signed is
 * worth nothing any more.
 */
export async function rotateSigningKeys(
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  { compromised = false }: { compromised?: boolean } = {},
): Promise<Rotation> {
  return inTransaction(async (tx): Promise<Rotation> => {
    await lockSigningKeys(tx);
    const keys = await completeKeys(tx);
    if (compromised) await retireAll(keys, tx);
    else if (!(await letWaitingSign(keys, tx))) return { outcome: "too-early" };
    const kids = (await completeKeys(tx))
      .filter(({ state }) => state === "current")
      .map(({ kid }) => kid);
    await recordEvent(
      {
        action: "signing_keys.rotated",
        outcome: "success",
        actor,
        ...(compromised ? { reason: "compromised" } : {}),
        after: { kids },
      },
      request,
      tx,
    );
    return { outcome: "rotated", kids };
  });
}

/** Whoever knows one key knows those beside it: the same table, the same seal, the same memory. */
async function retireAll(keys: SigningKeyRow[], tx: Db): Promise<void> {
  for (const { kid, state } of keys) {
    if (state !== "retired") await moveSigningKey(kid, state, "retired", tx);
  }
}

/** False while a waiting key has not been published for long enough. */
async function letWaitingSign(keys: SigningKeyRow[], tx: Db): Promise<boolean> {
  const ready = new Set(await listKeysInStateSince("next", PUBLISHED_BEFORE_USE_SECONDS, tx));
  const waiting = keys.filter(({ state }) => state === "next");
  if (waiting.some(({ kid }) => !ready.has(kid))) return false;
  for (const { kid, state } of keys) {
    if (state === "current") await moveSigningKey(kid, state, "previous", tx);
  }
  for (const { kid } of waiting) await moveSigningKey(kid, "next", "current", tx);
  return true;
}

function scheduled(): RequestFacts {
  const id = newId();
  return { requestId: id, decisionId: id, ip: null, userAgent: null };
}

/** Rotates keys that have signed for long enough and retires those that are no longer needed; returns how many. */
export async function maintainSigningKeys(): Promise<number> {
  const due = await inTransaction(async (tx) => ({
    retired: await retireOldKeys(KEPT_AFTER_USE_SECONDS, tx),
    old: await listKeysInStateSince("current", ROTATED_AFTER_SECONDS, tx),
  }));
  if (due.old.length === 0) return due.retired;
  const rotation = await rotateSigningKeys({ type: "system" }, scheduled());
  return due.retired + (rotation.outcome === "rotated" ? rotation.kids.length : 0);
}
