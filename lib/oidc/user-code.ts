import "server-only";
import { getConfig } from "@/lib/platform/config";
import { keyedHash } from "@/lib/platform/crypto";

/** Consonants without what is read as another: no words, no vowels, 34 bits in eight (RFC 8628 §6.1). */
const LETTERS = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

/** A user code as it is compared, whatever its case, spaces and hyphens; null for what can be none. */
export function normaliseUserCode(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[\s\p{Pd}]/gu, "");
  return LETTERS.test(letters) ? letters : null;
}

/** As the device shows it. */
export const formatUserCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** Under which a code is stored; a plain hash would not hide so short a text. */
export const hashUserCode = (
  code: string,
  secret = getConfig().authSecrets[0] ?? "",
): Uint8Array<ArrayBuffer> => keyedHash(secret, `user code ${code}`);

/** All under which it may be stored: the secret may have been replaced since. */
export const hashesOfUserCode = (code: string): Uint8Array<ArrayBuffer>[] =>
  getConfig().authSecrets.map((secret) => hashUserCode(code, secret));
