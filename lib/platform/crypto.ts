import "server-only";
import "#node-only";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 bits: twice what ASVS V7.2.3 asks of a session secret. */
const SECRET_BYTES = 32;

/** 43 base64url characters; only its SHA-256 is ever stored. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** True for the exact shape {@link newSecret} makes, so that nothing else reaches a query. */
export const isSecret = (text: unknown): text is string =>
  typeof text === "string" && /^[A-Za-z0-9_-]{43}$/.test(text);

/**
 * How secrets are stored. Plain SHA-256 suffices because the input has 256
 * random bits: there is nothing to guess, unlike with a password.
 */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash("sha256").update(secret).digest());

/** A stable pseudonym, for keys of counters: an address never stands in that table itself. */
export const pseudonym = (key: string, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64url").slice(0, 32);

/** For short codes, which a plain hash would not hide: HMAC-SHA256. */
export const keyedHash = (key: string, text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHmac("sha256", key).update(text).digest());

/** Compares without telling by its duration where two byte strings differ. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && timingSafeEqual(a, b);

/** Whether it is the {@link keyedHash} of a text under one of the keys: what was sent before a change of keys counts. */
export const isKeyedHash = (hash: Uint8Array, keys: readonly string[], text: string): boolean =>
  // No early end: under which key it was, is told by nothing.
  keys.map((key) => equalBytes(new Uint8Array(hash), keyedHash(key, text))).includes(true);
