import { expect, test } from "vitest";
import { rotateSigningKeys } from "@/lib/oidc/signing-keys";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest } from "@/tests/support/builders";
import { lookAtSigningKeysAgain } from "@/tests/support/keys";

const send = serveMachinePaths();
const ORIGIN = "https://app.example";

async function ask(path: string, headers: Record<string, string> = {}) {
  const answer = await send(`${getConfig().origin}${path}`, { headers });
  const { date: _, "x-request-id": requestId, ...rest } = Object.fromEntries(answer.headers);
  return { status: answer.status, headers: rest, requestId, text: await answer.text() };
}

const PATHS = [
  "/oidc/jwks",
  "/oidc/.well-known/openid-configuration",
  "/oidc/.well-known/oauth-authorization-server",
  "/.well-known/oauth-authorization-server/oidc",
];

test.each(PATHS)("%s answers from memory what the engine answers", async (path) => {
  const first = await ask(path);
  const again = await ask(path);
  // A script of another origin is answered by the engine itself.
  const byEngine = await ask(path, { origin: ORIGIN });
  expect(first.status).toBe(200);
  expect(first.headers["content-type"]).toMatch(/^application\/(jwk-set\+)?json/);
  expect(first.headers["x-content-type-options"]).toBe("nosniff");
  expect(again).toEqual({ ...first, requestId: expect.not.stringMatching(first.requestId ?? "") });
  expect(byEngine.text).toBe(first.text);
  expect(byEngine.headers["access-control-allow-origin"]).toMatch(/^(\*|https:\/\/app\.example)$/);
});

test("what the documents name as endpoints is where APP_URL says, whatever Host asks (ATK-36)", async () => {
  const { text } = await ask(PATHS[1] ?? "", {
    host: "evil.example",
    "x-forwarded-host": "evil.example",
  });
  expect(text).toContain(`"issuer":"${getConfig().origin}/oidc"`);
  expect(text).not.toContain("evil.example");
});

test("a key that is made is published without a restart (F46)", async () => {
  const keysOf = async () =>
    (JSON.parse((await ask("/oidc/jwks")).text) as { keys: { kid: string }[] }).keys.map(
      ({ kid }) => kid,
    );
  const before = await keysOf();
  await prisma()
    .$executeRaw`UPDATE signing_keys SET since = now() - interval '2 hours' WHERE state = 'next'`;
  expect((await rotateSigningKeys({ type: "system" }, aRequest())).outcome).toBe("rotated");
  lookAtSigningKeysAgain();
  const after = await keysOf();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after.length).toBeGreaterThan(before.length);
});

test("other methods, and other queries, are the engine's", async () => {
  const removed = await send(`${getConfig().origin}/oidc/jwks`, { method: "DELETE" });
  expect(removed.status).toBe(404);
  const asked = await ask("/oidc/jwks?x=1");
  expect(asked.text).toBe((await ask("/oidc/jwks")).text);
});
