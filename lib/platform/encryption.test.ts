import { afterEach, beforeEach, expect, test, vi } from "vitest";

const PLACE = "credentials_totp.secret:somebody";
const SECRET = new TextEncoder().encode("twenty random bytes!");
const [OLD, NEW] = [
  "an-old-key-for-tests-0123456789abcdef",
  "a-new-key-for-tests-0123456789abcdef",
];

/** Each test reads the configuration anew, as a restarted program does. */
async function encryptionWith(keys: string) {
  vi.resetModules();
  vi.stubEnv("DATA_ENCRYPTION_KEYS", keys);
  return import("@/lib/platform/encryption");
}

beforeEach(() => {
  vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none");
  vi.stubEnv("AUTH_SECRET", "a-secret-that-only-tests-use-0123456789");
});
afterEach(() => vi.unstubAllEnvs());

test("what is sealed opens in its own place and never twice the same", async () => {
  const { seal, unseal } = await encryptionWith(NEW);
  const sealed = seal(SECRET, PLACE);
  expect(unseal(sealed, PLACE)).toEqual(Buffer.from(SECRET));
  expect(Buffer.from(sealed).includes(Buffer.from(SECRET))).toBe(false);
  expect(seal(SECRET, PLACE)).not.toEqual(sealed);
});

test("a value copied to another row does not open there", async () => {
  const { seal, unseal, SealBroken } = await encryptionWith(NEW);
  expect(() => unseal(seal(SECRET, PLACE), "credentials_totp.secret:other")).toThrow(SealBroken);
});

test("no changed byte opens", async () => {
  const { seal, unseal } = await encryptionWith(NEW);
  const sealed = seal(SECRET, PLACE);
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
    expect(() => unseal(changed, PLACE)).toThrow("could not be opened");
  }
  expect(() => unseal(sealed.subarray(0, 20), PLACE)).toThrow("could not be opened");
  expect(() => unseal(new Uint8Array(), PLACE)).toThrow("could not be opened");
});

test("a key that was rotated still opens, one that is gone does not", async () => {
  const sealed = (await encryptionWith(OLD)).seal(SECRET, PLACE);
  const rotated = await encryptionWith(`${NEW},${OLD}`);
  expect(rotated.unseal(sealed, PLACE)).toEqual(Buffer.from(SECRET));
  const gone = await encryptionWith(NEW);
  expect(() => gone.unseal(sealed, PLACE)).toThrow(gone.SealBroken);
});
