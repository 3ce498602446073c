import "server-only";
import "#node-only";
import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { StoredHash } from "@/lib/credentials/password/stored-hash";

const derivePbkdf2 = promisify(pbkdf2);

/** Room for the most that a stored hash may take, and for what scrypt holds besides. */
const MEMORY_BYTES_MAX = 160 * 1024 * 1024;

const deriveScrypt = (
  password: string,
  salt: Buffer,
  length: number,
  { logN, blockSize, lanes }: { logN: number; blockSize: number; lanes: number },
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** logN, r: blockSize, p: lanes, maxmem: MEMORY_BYTES_MAX };
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

const same = (derived: Buffer, stored: Buffer): boolean =>
  derived.length === stored.length && timingSafeEqual(derived, stored);

/** Compares in constant time, on threads of Node's own. The cost has been judged before. */
export async function verifyDerived(
  hash: Extract<StoredHash, { kind: "pbkdf2" | "scrypt" | "firebase" }>,
  password: string,
): Promise<boolean> {
  const { salt, digest } = hash;
  switch (hash.kind) {
    case "pbkdf2":
      return same(
        await derivePbkdf2(password, salt, hash.iterations, digest.length, hash.sha),
        digest,
      );
    case "scrypt":
      return same(await deriveScrypt(password, salt, digest.length, hash), digest);
    case "firebase": {
      const salted = Buffer.concat([salt, hash.separator]);
      const key = await deriveScrypt(password, salted, 32, { ...hash, lanes: 1 });
      const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
      return same(Buffer.concat([cipher.update(hash.signerKey), cipher.final()]), digest);
    }
  }
}
