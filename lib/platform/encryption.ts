import "server-only";
import "#node-only";
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { getConfig } from "@/lib/platform/config";

const VERSION = 1;
const VERSION_BYTES = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = VERSION_BYTES + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

const keyIdOf = (secret: string): Buffer =>
  createHash("sha256").update(`key id of ${secret}`).digest().subarray(0, KEY_ID_BYTES);

/** By which a key is told from others, in hexadecimal; says nothing of the key itself. */
export const nameOfKey = (secret: string): string => keyIdOf(secret).toString("hex");

/** Where in a sealed value the id of its key stands, as PostgreSQL's `substring` counts. */
export const KEY_ID_PLACE = { from: 1 + VERSION_BYTES, bytes: KEY_ID_BYTES } as const;

const keyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", "gatehouse column encryption v1", 32));

/** The sealed value cannot be read: a key is gone, or somebody moved or changed the bytes. */
export class SealBroken extends Error {
  constructor() {
    super("a sealed value could not be opened");
    this.name = "SealBroken";
  }
}

/**
 * Encrypts a secret for a column, by AES-256-GCM with the first key of
 * DATA_ENCRYPTION_KEYS. `place` names table, column and row: a value that is
 * copied to another row does not open there.
 */
export function seal(plain: Uint8Array, place: string): Uint8Array<ArrayBuffer> {
  const secret = getConfig().dataEncryptionKeys[0] ?? "";
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(secret), nonce).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return new Uint8Array(
    Buffer.concat([Buffer.of(VERSION), keyIdOf(secret), nonce, cipher.getAuthTag(), body]),
  );
}

/** Opens what {@link seal} made with any of the keys. Throws {@link SealBroken} otherwise. */
export function unseal(sealed: Uint8Array, place: string): Buffer {
  const bytes = Buffer.from(sealed);
  const keyId = bytes.subarray(VERSION_BYTES, VERSION_BYTES + KEY_ID_BYTES);
  const secret = getConfig().dataEncryptionKeys.find((key) => keyIdOf(key).equals(keyId));
  if (bytes[0] !== VERSION || bytes.length < HEADER_BYTES || secret === undefined) {
    throw new SealBroken();
  }
  const nonce = bytes.subarray(VERSION_BYTES + KEY_ID_BYTES, HEADER_BYTES - TAG_BYTES);
  try {
    const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), nonce)
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(HEADER_BYTES - TAG_BYTES, HEADER_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}
