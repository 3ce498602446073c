import "server-only";

type Sha = "sha1" | "sha256" | "sha512";

/** A hash as it is stored, taken apart. What other systems made is kept until its owner signs in. */
export type StoredHash =
  | { kind: "argon2"; text: string; memoryKib: number; passes: number; lanes: number }
  | { kind: "bcrypt"; text: string; cost: number }
  | { kind: "pbkdf2"; sha: Sha; iterations: number; salt: Buffer; digest: Buffer }
  | ({ kind: "scrypt"; lanes: number; salt: Buffer; digest: Buffer } & ScryptCost)
  /** Firebase's own scrypt: the derived key encrypts a key of the project (github.com/firebase/scrypt). */
  | ({
      kind: "firebase";
      salt: Buffer;
      separator: Buffer;
      signerKey: Buffer;
      digest: Buffer;
    } & ScryptCost);

interface ScryptCost {
  /** Binary logarithm of N. */
  logN: number;
  blockSize: number;
}

const ARGON2 =
  /^\$argon2(?:id|i)(?:\$v=(?:16|19))?\$m=(\d{1,8}),t=(\d{1,5}),p=(\d{1,3})\$([^$]+)\$([^$]+)$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const PBKDF2 = /^\$pbkdf2-(sha1|sha256|sha512)\$i=(\d{1,8})\$([^$]+)\$([^$]+)$/;
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([^$]+)\$([^$]+)$/;
const FIREBASE =
  /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,3}),p=1,ss=([^$,]*),sk=([^$,]+)\$([^$]+)\$([^$]+)$/;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Base64 with or without padding; null for what is not in it, which Node would leave out silently. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  const exact = BASE64.test(text) && toBase64(bytes) === text.replace(/={1,2}$/, "");
  return exact ? bytes : null;
}

export const toBase64 = (bytes: Buffer): string => bytes.toString("base64").replace(/={1,2}$/, "");

const SALT_BYTES_MIN = 4;
/** RFC 5802 and its like begin at 20; none of the formats has less than this. */
const DIGEST_BYTES_MIN = 16;
const BYTES_MAX = 128;

const within = (bytes: Buffer | null, min: number): bytes is Buffer =>
  bytes !== null && bytes.length >= min && bytes.length <= BYTES_MAX;

/**
 * Takes a stored hash apart. Null for what is no hash of a kind that can be verified: an empty or
 * short digest too, which would match by chance or always.
 */
export function readStoredHash(text: string): StoredHash | null {
  const argon2 = ARGON2.exec(text);
  if (argon2) {
    const [, memory, passes, lanes, salt, digest] = argon2;
    if (!isSalted(salt, digest)) return null;
    return {
      kind: "argon2",
      text,
      memoryKib: Number(memory),
      passes: Number(passes),
      lanes: Number(lanes),
    };
  }
  const bcrypt = BCRYPT.exec(text);
  if (bcrypt) return { kind: "bcrypt", text, cost: Number(bcrypt[1]) };
  return readPbkdf2(text) ?? readScrypt(text) ?? readFirebase(text);
}

const isSalted = (salt = "", digest = ""): boolean =>
  within(fromBase64(salt), SALT_BYTES_MIN) && within(fromBase64(digest), DIGEST_BYTES_MIN);

function readPbkdf2(text: string): StoredHash | null {
  const [, sha, iterations, salt64 = "", digest64 = ""] = PBKDF2.exec(text) ?? [];
  const [salt, digest] = [fromBase64(salt64), fromBase64(digest64)];
  if (!within(salt, SALT_BYTES_MIN) || !within(digest, DIGEST_BYTES_MIN)) return null;
  return { kind: "pbkdf2", sha: sha as Sha, iterations: Number(iterations), salt, digest };
}

function readScrypt(text: string): StoredHash | null {
  const [, logN, blockSize, lanes, salt64 = "", digest64 = ""] = SCRYPT.exec(text) ?? [];
  const [salt, digest] = [fromBase64(salt64), fromBase64(digest64)];
  if (!within(salt, SALT_BYTES_MIN) || !within(digest, DIGEST_BYTES_MIN)) return null;
  const cost = { logN: Number(logN), blockSize: Number(blockSize) };
  return { kind: "scrypt", ...cost, lanes: Number(lanes), salt, digest };
}

function readFirebase(text: string): StoredHash | null {
  const [, logN, blockSize, separator64 = "", key64 = "", salt64 = "", digest64 = ""] =
    FIREBASE.exec(text) ?? [];
  const [salt, digest] = [fromBase64(salt64), fromBase64(digest64)];
  const [separator, signerKey] = [fromBase64(separator64), fromBase64(key64)];
  if (!within(salt, SALT_BYTES_MIN) || !within(digest, DIGEST_BYTES_MIN)) return null;
  if (!within(separator, 0) || !within(signerKey, DIGEST_BYTES_MIN)) return null;
  // The key is encrypted as a stream: another length is not of this key.
  if (signerKey.length !== digest.length) return null;
  const cost = { logN: Number(logN), blockSize: Number(blockSize) };
  return { kind: "firebase", ...cost, salt, separator, signerKey, digest };
}

const MEMORY_KIB_MAX = 131_072;
/** About half a second of one core each: an imported hash is no lever (ATK-59). */
const WORK_MAX = {
  bcryptCost: 13,
  /** KiB times passes; the second choice of RFC 9106 §4 has 196,608. */
  argon2: 262_144,
  argon2Lanes: 16,
  /** Iterations times blocks of output. */
  pbkdf2: 1_500_000,
  /** N times r times p; OWASP's first choice has all of it. */
  scrypt: 1_048_576,
} as const;

const DIGEST_BYTES: Record<Sha, number> = { sha1: 20, sha256: 32, sha512: 64 };

/** What memory or work one verification would take that is too much or none at all; null when it is fine. */
export function findUnfitCost(hash: StoredHash): string | null {
  switch (hash.kind) {
    case "argon2":
      return judge({
        positive: [hash.memoryKib, hash.passes, hash.lanes],
        memoryKib: hash.memoryKib,
        fits: hash.memoryKib * hash.passes <= WORK_MAX.argon2 && hash.lanes <= WORK_MAX.argon2Lanes,
      });
    case "bcrypt":
      return judge({ positive: [hash.cost - 3], fits: hash.cost <= WORK_MAX.bcryptCost });
    case "pbkdf2": {
      const blocks = Math.ceil(hash.digest.length / DIGEST_BYTES[hash.sha]);
      const fits = hash.iterations * blocks <= WORK_MAX.pbkdf2;
      return judge({ positive: [hash.iterations], fits });
    }
    case "scrypt":
    case "firebase": {
      const lanes = hash.kind === "scrypt" ? hash.lanes : 1;
      const memoryKib = (2 ** hash.logN * hash.blockSize) / 8;
      const fits = 2 ** hash.logN * hash.blockSize * lanes <= WORK_MAX.scrypt;
      return judge({ positive: [hash.logN, hash.blockSize, lanes], memoryKib, fits });
    }
  }
}

function judge(cost: { positive: number[]; memoryKib?: number; fits: boolean }): string | null {
  if (cost.positive.some((value) => value < 1)) return "its cost parameters make no sense";
  if ((cost.memoryKib ?? 0) > MEMORY_KIB_MAX) return "verifying it would take more than 128 MiB";
  return cost.fits ? null : "verifying it would take too long";
}
