import "server-only";
import {
  findUnfitCost,
  fromBase64,
  readStoredHash,
  toBase64,
} from "@/lib/credentials/password/stored-hash";

export type ForeignHash =
  | { outcome: "accepted"; stored: string }
  /** `reason` is a clause for people, as in "the password hash cannot be used: …". */
  | { outcome: "refused"; reason: string };

/** As long as the longest of the formats, with room to spare. */
const LENGTH_MAX = 1_024;

/**
 * A hash that another system made, in the form in which it is stored: argon2 and bcrypt as they are
 * everywhere, `$pbkdf2-sha256$i=…$salt$digest`, `$scrypt$ln=…,r=…,p=…$salt$digest` and
 * `$fbscrypt$…` with the key of the Firebase project. What would cost too much to verify is refused
 * here, and matches nothing where it is stored all the same (docs/decisions/0047).
 */
export function acceptForeignHash(text: string): ForeignHash {
  const hash = text.length <= LENGTH_MAX ? readStoredHash(text) : null;
  if (hash === null) {
    return {
      outcome: "refused",
      reason: "it is none of argon2id, argon2i, bcrypt, scrypt, PBKDF2 and Firebase's scrypt",
    };
  }
  const reason = findUnfitCost(hash);
  return reason === null ? { outcome: "accepted", stored: text } : { outcome: "refused", reason };
}

/** The bytes of a salt or digest as another system writes them; null for what is not written so. */
export function bytesOf(text: string, encoding: "base64" | "hex" | "utf8"): Buffer | null {
  if (encoding === "utf8") return Buffer.from(text);
  if (encoding === "base64") return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Buffer.from(text, "hex");
  return bytes.length * 2 === text.length ? bytes : null;
}

const UNREADABLE: ForeignHash = {
  outcome: "refused",
  reason: "its salt or its digest is not written as its format says",
};

/** Builds the stored form from its parts; a part that could not be read refuses the whole. */
function build(
  algorithm: string,
  parameters: Record<string, string | number | Buffer | null>,
  salt: Buffer | null,
  digest: Buffer | null,
): ForeignHash {
  const values = Object.values(parameters);
  if (salt === null || digest === null || values.includes(null)) return UNREADABLE;
  const written = Object.entries(parameters).map(
    ([name, value]) => `${name}=${Buffer.isBuffer(value) ? toBase64(value) : value}`,
  );
  return acceptForeignHash(
    `$${algorithm}$${written.join(",")}$${toBase64(salt)}$${toBase64(digest)}`,
  );
}

export const foreignPbkdf2 = (
  sha: "sha1" | "sha256" | "sha512",
  iterations: number,
  salt: Buffer | null,
  digest: Buffer | null,
): ForeignHash => build(`pbkdf2-${sha}`, { i: iterations }, salt, digest);

export const foreignScrypt = (
  { cost, blockSize, lanes }: { cost: number; blockSize: number; lanes: number },
  salt: Buffer | null,
  digest: Buffer | null,
): ForeignHash => build("scrypt", { ln: Math.log2(cost), r: blockSize, p: lanes }, salt, digest);

export const foreignArgon2 = (
  { type, version, memoryKib, passes, lanes }: Record<string, string | number>,
  salt: Buffer | null,
  digest: Buffer | null,
): ForeignHash =>
  build(
    `argon2${type}$v=${version}`,
    { m: memoryKib ?? 0, t: passes ?? 0, p: lanes ?? 0 },
    salt,
    digest,
  );

export const foreignFirebase = (
  project: { logN: number; rounds: number; separator: Buffer | null; signerKey: Buffer | null },
  salt: Buffer | null,
  digest: Buffer | null,
): ForeignHash =>
  build(
    "fbscrypt",
    {
      v: 1,
      n: project.logN,
      r: project.rounds,
      p: 1,
      ss: project.separator,
      sk: project.signerKey,
    },
    salt,
    digest,
  );
