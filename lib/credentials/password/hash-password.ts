import "server-only";
import "#node-only";
import { hash as argon2, verify } from "@node-rs/argon2";
import { withHashingSlot } from "@/lib/credentials/password/hashing-slots";
import {
  findUnfitCost,
  readStoredHash,
  type StoredHash,
} from "@/lib/credentials/password/stored-hash";
import { verifyBcrypt } from "@/lib/credentials/password/verify-bcrypt";
import { verifyDerived } from "@/lib/credentials/password/verify-derived";
import { inSpan } from "@/lib/platform/tracing/spans";

/** OWASP's first choice for argon2id; a change migrates hashes as people sign in (D10). */
const ARGON2 = {
  algorithm: 2, // Algorithm.Argon2id, a const enum that isolated modules cannot read
  memoryCost: 19_456, // KiB
  timeCost: 2,
  parallelism: 1,
} as const;

const CURRENT_PREFIX = `$argon2id$v=19$m=${ARGON2.memoryCost},t=${ARGON2.timeCost},p=${ARGON2.parallelism}$`;

/**
 * Passwords are normalised to NFC, so that a composed and a decomposed
 * keyboard give the same one (NIST SP 800-63B-4 §3.1.1.2).
 */
const normalise = (password: string): string => password.normalize("NFC");

/** Throws {@link HashingBusy} when the queue is full. */
export const hashPassword = (password: string): Promise<string> =>
  inSpan({ name: "password hash", attributes: { "gatehouse.hash.kind": "argon2" } }, () =>
    withHashingSlot(() => argon2(normalise(password), ARGON2)),
  );

export interface PasswordVerification {
  matches: boolean;
  /** True when the hash is of an older kind: replace it while the password is known (F13). */
  outdated: boolean;
}

/**
 * Compares a password with a stored hash of any supported kind; a hash of an
 * unknown kind, or one that costs too much, matches nothing. Throws
 * {@link HashingBusy} when the queue is full.
 */
export async function verifyPassword(
  stored: string,
  password: string,
): Promise<PasswordVerification> {
  const hash = readStoredHash(stored);
  if (hash === null || findUnfitCost(hash) !== null) return { matches: false, outdated: false };
  const matches = await inSpan(
    { name: "password verify", attributes: { "gatehouse.hash.kind": hash.kind } },
    () => withHashingSlot(() => matchesHash(hash, password)),
  );
  return { matches, outdated: !stored.startsWith(CURRENT_PREFIX) };
}

async function matchesHash(hash: StoredHash, password: string): Promise<boolean> {
  switch (hash.kind) {
    case "argon2": {
      const normalised = normalise(password);
      if (await verify(hash.text, normalised)) return true;
      // What others made is of what was typed, not of a normal form of it.
      return (
        password !== normalised &&
        !hash.text.startsWith(CURRENT_PREFIX) &&
        verify(hash.text, password)
      );
    }
    case "bcrypt":
      return verifyBcrypt(hash.text, password);
    default:
      return verifyDerived(hash, password);
  }
}

// A hash with the present parameters of a password nobody has.
let decoy: Promise<string> | undefined;

/** Costs what {@link verifyPassword} costs, and never matches: for unknown addresses (ATK-38). */
export async function verifyNothing(password: string): Promise<void> {
  decoy ??= hashPassword(crypto.randomUUID());
  await verifyPassword(await decoy, password);
}
