import { beforeAll, describe, expect, test } from "vitest";
import { consumeArtifact, findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { answerConsent } from "@/lib/oidc/interactions";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

// What can be used once, used by fifty at once over HTTP, again and again (ATK-19, DEC-1). Proofs of
// possession, assertions, device codes and tokens of registration are raced beside their own tests.

const RACERS = 50;
const ROUNDS = 3;

const send = serveMachinePaths();
let web: FlowClient;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
});

const CODE = "an authorization code";

/** Each makes something that can be used once, and returns how to use it and whether that worked. */
const KINDS: Record<string, () => Promise<() => Promise<boolean>>> = {
  [CODE]: async () => {
    const given = await flow.aCode(await aSession((await aUser()).id));
    return async () => (await flow.redeem(given)).status === 200;
  },
  "a pushed authorization request": async () => {
    const cookie = await aSession((await aUser()).id);
    // What is asked was allowed before, so that each request ends in a code or not at all.
    await flow.aCode(cookie);
    const pushed = await post(
      send,
      "/request",
      {
        client_id: web.clientId,
        response_type: "code",
        redirect_uri: CALLBACK,
        scope: "openid",
        code_challenge: aPkce().challenge,
        code_challenge_method: "S256",
      },
      flow.auth(),
    );
    const asked = new URLSearchParams({
      client_id: web.clientId,
      request_uri: String(pushed.body["request_uri"]),
    });
    const url = `${getConfig().origin}/oidc/auth?${asked.toString()}`;
    return async () =>
      (await new Browser(send, cookie).authorize(url)).searchParams.get("code") !== null;
  },
  "the question whether an app may": async () => {
    const cookie = await aSession((await aUser()).id);
    const caller = await callerWith(cookie);
    const asked = await new Browser(send, cookie).get(authorizationUrl(web.clientId, aPkce()));
    const uid = asked.headers.get("location")?.split("/").at(-1) ?? "";
    return async () => (await answerConsent(caller, uid, true)).outcome === "answered";
  },
};

describe.each(Object.entries(KINDS))("%s", (kind, make) => {
  test(`of ${RACERS} at once one works, ${ROUNDS} times over (ATK-19)`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const use = await make();
      const worked = (await race(RACERS, use)).filter(Boolean);
      // Whoever comes second with a code takes back what the first one is about to get.
      expect(worked.length).toBeLessThanOrEqual(1);
      if (kind !== CODE) expect(worked).toHaveLength(1);
      expect(await use()).toBe(false);
    }
  });
});

describe("the race itself", () => {
  /** What the engine's own adapters do: they look first, and mark afterwards (EXP-1, EXP-3). */
  async function consumeNaively(kind: string, value: string): Promise<boolean> {
    const found = await findArtifact(kind, value);
    if (found === null || found.consumedAt !== null) return false;
    await pool().query("UPDATE oidc_artifacts SET consumed_at = now() WHERE kind = $1", [kind]);
    return true;
  }

  test.each([
    ["notices a use that looks first and marks afterwards", consumeNaively, false],
    ["finds one winner where a single statement decides", consumeArtifact, true],
  ] as const)("%s", async (_, consume, isSafe) => {
    const kind = `Raced${newId()}`;
    await saveArtifact(kind, "value", {}, 60);
    const winners = (await race(RACERS, () => consume(kind, "value"))).filter(Boolean);
    expect(winners.length === 1).toBe(isSafe);
  });
});
