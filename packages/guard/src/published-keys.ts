import { type CryptoKey, importJWK, type JWK, type JWTHeaderParameters } from "jose";
import { type Asker, ask } from "./ask.js";
import { type Clock, isWithin } from "./clock.js";
import { Refused, unavailable } from "./failures.js";

export interface KeyTerms {
  uri: string;
  /** For how long a set is good without a look at whether it has changed. */
  freshSeconds: number;
  /** For how long it is good where nobody can be asked; after that nothing is verified. */
  staleSeconds: number;
  /** The least time between two questions, whatever key ids strangers make up. */
  coolDownSeconds: number;
}

/** A set that could not be had is asked for again sooner than one that was. */
const COOL_DOWN_AFTER_FAILURE_SECONDS = 5;

interface PublishedKey {
  jwk: JWK;
  imported: Map<string, Promise<CryptoKey | Uint8Array>>;
}

/**
 * Finds the key that a token names among those that the issuer publishes. An id that is not among
 * them is looked for once more, since keys are rotated. A token without an id has no key: what a
 * token brings along (`jwk`, `jku`, `x5c`) is never looked at.
 */
export function publishedKeys(terms: KeyTerms, asker: Asker, now: Clock) {
  let keys = new Map<string, PublishedKey>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let running: Promise<void> | undefined;

  async function fetchAnew(): Promise<void> {
    triedAt = now();
    try {
      const { status, json } = await ask(asker, terms.uri);
      const found = usableKeys(json["keys"]);
      if (found.size === 0) throw unavailable(`${terms.uri}: ${status}, no keys`);
      keys = found;
      fetchedAt = triedAt;
      hasFailed = false;
    } catch {
      hasFailed = true;
    }
  }

  async function refresh(): Promise<void> {
    const least = hasFailed ? COOL_DOWN_AFTER_FAILURE_SECONDS : Number.POSITIVE_INFINITY;
    const coolDown = Math.min(terms.coolDownSeconds, least);
    if (running === undefined && isWithin(now, triedAt, coolDown)) return;
    running ??= fetchAnew().finally(() => {
      running = undefined;
    });
    await running;
  }

  return async ({ kid, alg }: JWTHeaderParameters): Promise<CryptoKey | Uint8Array> => {
    if (typeof kid !== "string") throw new Refused("invalid_token", "no key id");
    if (!isWithin(now, fetchedAt, terms.freshSeconds)) await refresh();
    if (!keys.has(kid)) await refresh();
    if (!isWithin(now, fetchedAt, terms.staleSeconds)) throw unavailable("no keys");
    const key = keys.get(kid);
    if (key === undefined) {
      throw hasFailed
        ? unavailable("keys out of date")
        : new Refused("invalid_token", "unknown key");
    }
    if (key.jwk.alg !== undefined && key.jwk.alg !== alg) {
      throw new Refused("invalid_token", "a key of another algorithm");
    }
    const imported = key.imported.get(alg) ?? importJWK(key.jwk, alg);
    key.imported.set(alg, imported);
    return imported;
  };
}

/** Public keys that verify, by id; of two with one id the first. */
function usableKeys(published: unknown): Map<string, PublishedKey> {
  const found = new Map<string, PublishedKey>();
  for (const entry of Array.isArray(published) ? published.slice(0, 100) : []) {
    const { kid, kty, use, d } = (entry ?? {}) as JWK;
    const isPublic = (kty === "EC" || kty === "OKP" || kty === "RSA") && d === undefined;
    if (!isPublic || typeof kid !== "string" || (use ?? "sig") !== "sig" || found.has(kid))
      continue;
    found.set(kid, { jwk: entry as JWK, imported: new Map() });
  }
  return found;
}
