import "server-only";
import "#node-only";
import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

/** By which people and secret scanners know a token wherever it has leaked to. */
export const PERSONAL_TOKEN_PREFIX = "gatehouse_pat_";

// No sign that ends a word: a double click selects all of it.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 43 of 62 signs hold 256 random bits, so that a plain hash hides them. */
const RANDOM_LENGTH = 43;
/** What a CRC-32 takes in base 62. */
const CHECKSUM_LENGTH = 6;

const SHAPE = new RegExp(
  `^${PERSONAL_TOKEN_PREFIX}([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

function checksumOf(random: string): string {
  let rest = crc32(random);
  let digits = "";
  while (digits.length < CHECKSUM_LENGTH) {
    digits = (ALPHABET[rest % ALPHABET.length] ?? "") + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}

/** A new token: prefix, 256 random bits and the CRC-32 of these, all in base 62. */
export function newPersonalToken(): string {
  const random = Array.from(
    { length: RANDOM_LENGTH },
    () => ALPHABET[randomInt(ALPHABET.length)],
  ).join("");
  return PERSONAL_TOKEN_PREFIX + random + checksumOf(random);
}

/**
 * Whether {@link newPersonalToken} can have made it. What was cut off or mistyped
 * was not, so that nothing has to be looked up; it protects against nothing else.
 */
export function isPersonalToken(text: string): boolean {
  const [, random, checksum] = SHAPE.exec(text) ?? [];
  return random !== undefined && checksumOf(random) === checksum;
}
