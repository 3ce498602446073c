import { compactVerify, createLocalJWKSet, decodeProtectedHeader, SignJWT } from "jose";
import { expect, test } from "vitest";
import { SIGNING_ALGORITHMS } from "@/lib/oidc/client.schema";
import {
  listSigningKeys,
  loadProviderKeys,
  maintainSigningKeys,
  rotateSigningKeys,
} from "@/lib/oidc/signing-keys";
import { prisma } from "@/lib/platform/db/client";
import { aRequest } from "@/tests/support/builders";
import { race } from "@/tests/support/race";

const system = { type: "system" } as const;
const rotate = (options = {}) => rotateSigningKeys(system, aRequest(), options);

async function published(): Promise<void> {
  await prisma()
    .$executeRaw`UPDATE signing_keys SET since = now() - interval '2 hours' WHERE state = 'next'`;
}

async function states(alg = "ES256"): Promise<string[]> {
  const keys = await listSigningKeys();
  return keys.filter((key) => key.alg === alg).map(({ state }) => state);
}

async function sign(): Promise<string> {
  const { jwks } = await loadProviderKeys();
  const key = jwks.find(({ alg }) => alg === "ES256");
  if (!key) throw new Error("no key");
  return new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: key.kid ?? "" }).sign(key);
}

test("many first requests make one set of keys, every algorithm with one that signs and one that waits", async () => {
  const loaded = await race(8, () => loadProviderKeys());
  expect(new Set(loaded.map(({ version }) => version)).size).toBe(1);
  for (const alg of SIGNING_ALGORITHMS) expect(await states(alg)).toEqual(["current", "next"]);
});

test("no private part stands in the table", async () => {
  const rows = await prisma().signingKey.findMany();
  for (const { publicJwk, sealed } of rows) {
    expect(Object.keys(publicJwk as object)).not.toContain("d");
    expect(Buffer.from(sealed).toString("latin1")).not.toContain('"d"');
  }
});

test("a key signs only after it has been published for an hour (F46)", async () => {
  expect(await rotate()).toEqual({ outcome: "too-early" });
  expect(await states()).toEqual(["current", "next"]);
});

test("after a rotation both what was signed before and what is signed now verify (FLT-22)", async () => {
  await published();
  const before = await sign();
  expect((await rotate()).outcome).toBe("rotated");
  const after = await sign();
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  const keys = createLocalJWKSet({ keys: (await loadProviderKeys()).publicKeys });
  for (const jws of [before, after]) await expect(compactVerify(jws, keys)).resolves.toBeDefined();
  expect(await states()).toEqual(["current", "next", "previous"]);
});

test("of many rotations at once one happens", async () => {
  await published();
  const results = await race(8, () => rotate());
  expect(results.filter(({ outcome }) => outcome === "rotated")).toHaveLength(1);
  expect((await states()).filter((state) => state === "current")).toHaveLength(1);
});

test("compromised keys are retired at once, also those that wait, and their private parts are gone", async () => {
  const known = (await loadProviderKeys()).jwks.length;
  const before = await sign();
  expect((await rotate({ compromised: true })).outcome).toBe("rotated");
  const keys = createLocalJWKSet({ keys: (await loadProviderKeys()).publicKeys });
  await expect(compactVerify(before, keys)).rejects.toThrow("no applicable key");
  const retired = await prisma().signingKey.findMany({ where: { state: "retired" } });
  expect(retired).toHaveLength(known);
  expect(retired.every(({ sealed }) => sealed.length === 0)).toBe(true);
});

test("the schedule rotates old keys and retires those that are past use", async () => {
  await published();
  expect(await maintainSigningKeys()).toBe(0);
  await prisma().$executeRaw`
    UPDATE signing_keys SET since = now() - interval '91 days' WHERE state = 'current'`;
  expect(await maintainSigningKeys()).toBe(SIGNING_ALGORITHMS.length);
  await prisma().$executeRaw`
    UPDATE signing_keys SET since = now() - interval '31 days' WHERE state = 'previous'`;
  expect(await maintainSigningKeys()).toBe(SIGNING_ALGORITHMS.length);
  expect((await states()).filter((state) => state !== "retired")).toEqual(["current", "next"]);
});
