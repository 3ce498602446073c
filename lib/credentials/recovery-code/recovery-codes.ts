import "server-only";
import "#node-only";
import { randomInt } from "node:crypto";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import {
  countUnusedRecoveryCodes,
  replaceRecoveryCodes,
} from "@/lib/credentials/recovery-code/recovery-code-store";
import type { Db } from "@/lib/platform/db/client";

export const RECOVERY_CODE_COUNT = 10;
/** Without letters and digits that look alike. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const HANDLE_LENGTH = 4;
/** About 50 bits, behind argon2id and a budget of guesses (ASVS V6.5.2). */
const SECRET_LENGTH = 10;

const CODE = new RegExp(`^[${ALPHABET}]{${HANDLE_LENGTH + SECRET_LENGTH}}$`);

const randomText = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

/** Both parts of a code as it was typed, or null for what is none. */
export function parseRecoveryCode(typed: string): { handle: string; secret: string } | null {
  const text = typed.toLowerCase().replace(/[\s-]/g, "");
  return CODE.test(text)
    ? { handle: text.slice(0, HANDLE_LENGTH), secret: text.slice(HANDLE_LENGTH) }
    : null;
}

const printed = (handle: string, secret: string): string =>
  [handle, secret.slice(0, 5), secret.slice(5)].join("-");

/** Ten new codes with their hashes. They exist in this answer only (F19). */
export async function newRecoveryCodes(): Promise<
  { code: string; handle: string; hash: string }[]
> {
  const handles = new Set<string>();
  while (handles.size < RECOVERY_CODE_COUNT) handles.add(randomText(HANDLE_LENGTH));
  const codes = [...handles].map((handle) => ({ handle, secret: randomText(SECRET_LENGTH) }));
  const made: { code: string; handle: string; hash: string }[] = [];
  // One after the other: ten at once would fill the queue of everybody's sign-ins.
  for (const { handle, secret } of codes) {
    made.push({ code: printed(handle, secret), handle, hash: await hashPassword(secret) });
  }
  return made;
}

/** Makes these the user's codes; earlier ones stop working. */
export const saveRecoveryCodes = (
  userId: string,
  codes: { handle: string; hash: string }[],
  tx: Db,
): Promise<void> =>
  replaceRecoveryCodes(
    userId,
    codes.map(({ handle, hash }) => ({ handle, hash })),
    tx,
  );

/** How many of the user's codes still work. */
export const countRecoveryCodes = (userId: string): Promise<number> =>
  countUnusedRecoveryCodes(userId);
