import { setTimeout as sleep } from "node:timers/promises";
import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from "jose";
import { beforeAll, expect, test } from "vitest";
import { listSigningKeys, rotateSigningKeys } from "@/lib/oidc/signing-keys";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { send as sendJson } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest, aSession, aUser } from "@/tests/support/builders";
import { lookAtSigningKeysAgain } from "@/tests/support/keys";
import { aRole } from "@/tests/support/roles";

const send = serveMachinePaths();
const issuer = () => `${getConfig().origin}/oidc`;
const audience = () => `${getConfig().origin}/api/v1`;

let authorization: string;

beforeAll(async () => {
  const admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  const scopes = ["api:read"];
  const { clientId, secret } = await aClient({ name: "Load", kind: "service", scopes });
  authorization = basic(clientId, secret);
  const roleIds = [await aRole({ view_invoice: "all" })];
  const given = await sendJson(admin, "PUT", `/api/v1/clients/${clientId}/roles`, { roleIds });
  expect(given.status).toBe(200);
});

async function issue(): Promise<string> {
  const fields = {
    grant_type: "client_credentials",
    resource: audience(),
    scope: "api:read",
  };
  const { status, body } = await post(send, "/token", fields, { authorization });
  if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`);
  return String(body["access_token"]);
}

const PRIVATE_PARTS = ["d", "p", "q", "dp", "dq", "qi", "k"];

async function fetchKeys(): Promise<JWK[]> {
  const { keys } = (await (await send(`${issuer()}/jwks`)).json()) as { keys: JWK[] };
  for (const key of keys) {
    expect(Object.keys(key).filter((part) => PRIVATE_PARTS.includes(part))).toEqual([]);
  }
  return keys;
}

/** A relying party: it keeps the key set for an hour, and asks for it no sooner whatever it meets. */
class CachingVerifier {
  #keys: JWK[] = [];

  async hourHasPassed(): Promise<void> {
    this.#keys = await fetchKeys();
  }

  async verify(token: string): Promise<void> {
    const keys = createLocalJWKSet({ keys: this.#keys });
    await jwtVerify(token, keys, { issuer: issuer(), audience: audience(), typ: "at+jwt" });
  }
}

/** As though an hour had gone by since the waiting keys were published. */
const publishedLongEnough = () => prisma().$executeRaw`
  UPDATE signing_keys SET since = now() - interval '61 minutes' WHERE state = 'next'`;

test("signing keys rotate under load, and no verification fails at a client that caches the key set (FLT-22, F46)", async () => {
  const verifier = new CachingVerifier();
  await issue();
  await verifier.hourHasPassed();
  const failures: unknown[] = [];
  const issued: { token: string; kid: string }[] = [];
  const run = { over: false };

  const load = async (): Promise<void> => {
    while (!run.over) {
      try {
        const token = await issue();
        issued.push({ token, kid: String(decodeProtectedHeader(token).kid) });
        await verifier.verify(token);
        const headers = { authorization: `Bearer ${token}` };
        const answer = await sendJson(null, "GET", "/api/v1/invoices", undefined, headers);
        if (answer.status !== 200) throw new Error(`the API answered ${answer.status}`);
        // What was issued by a former key is good until it expires.
        const earlier = issued[Math.floor(Math.random() * issued.length)];
        if (earlier) await verifier.verify(earlier.token);
      } catch (error) {
        failures.push(error);
      }
    }
  };

  const workers = [load(), load(), load(), load()];
  const seen = async (count: number) => {
    const target = issued.length + count;
    while (issued.length < target && failures.length === 0) await sleep(10);
  };
  const rotations = 4;
  for (let rotation = 0; rotation < rotations; rotation += 1) {
    await seen(10);
    // Some time in the hour in which the next key waits, the client asks for the set.
    await verifier.hourHasPassed();
    await publishedLongEnough();
    const rotated = await rotateSigningKeys({ type: "system" }, aRequest());
    expect(rotated.outcome).toBe("rotated");
    // Tokens go on being signed by the former key until the engine looks again.
    await seen(5);
    lookAtSigningKeysAgain();
    await seen(15);
  }
  run.over = true;
  await Promise.all(workers);

  expect(failures).toEqual([]);
  expect(new Set(issued.map(({ kid }) => kid)).size).toBe(rotations + 1);
  const states = (await listSigningKeys()).filter(({ alg }) => alg === "ES256");
  expect(states.map(({ state }) => state)).toEqual([
    "current",
    "next",
    ...Array<string>(rotations).fill("previous"),
  ]);
  // The very first token still verifies, by the set of now.
  await verifier.hourHasPassed();
  await verifier.verify(issued[0]?.token ?? "");
}, 60_000);
