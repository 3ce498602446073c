import { generateKeyPair } from "jose";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { aClient, basic, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { type Answer, codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { aProof, FOR_TOKEN, type Keys } from "@/tests/support/possession";
import { CALLBACK } from "@/tests/support/relying-party";

// The ten seconds are for the same refresh, whose answer was lost. What asks for something else with
// a used token is somebody else (F39, DEC-2, ATK-20).

const send = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;

let web: FlowClient;
let keys: Keys;
let refreshToken: string;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  keys = await generateKeyPair("ES256");
});
beforeEach(async () => {
  ({ refreshToken } = await flow.tokens(await aSession((await aUser()).id), {
    scope: "openid offline_access api:read",
    resource: api(),
  }));
});

type Fields = Record<string, string>;
const proven = async (by = keys) => ({ ...flow.auth(), dpop: await aProof(by, FOR_TOKEN()) });

const CASES: [string, first: () => Promise<Answer>, other: () => Promise<Answer>][] = [
  ["less scope", () => refresh(), () => refresh({ scope: "openid" })],
  ["more scope", () => refresh({ scope: "openid" }), () => refresh()],
  ["a resource", () => refresh(), () => refresh({ resource: api() })],
  ["no resource", () => refresh({ resource: api() }), () => refresh()],
  ["no proof of a key", async () => refresh({}, await proven()), () => refresh()],
  [
    "a proof of another key",
    async () => refresh({}, await proven()),
    async () => refresh({}, await proven(await generateKeyPair("ES256"))),
  ],
  ["a proof of a key", () => refresh(), async () => refresh({}, await proven())],
  ["another client's secret", () => refresh(), async () => refresh({}, await ofAnotherClient())],
];

const refresh = (fields: Fields = {}, headers: Fields = flow.auth()) =>
  flow.refresh(refreshToken, fields, headers);

async function ofAnotherClient(): Promise<Fields> {
  const other = await aClient({ name: "Other", kind: "web", redirectUris: [CALLBACK] });
  return { authorization: basic(other.clientId, other.secret) };
}

test.each(CASES)(
  "within the window, with %s the token is used up, and the same refresh is answered all the same (F39, DEC-2, ATK-20)",
  async (_, first, other) => {
    const answer = await first();
    expect(answer.status).toBe(200);
    const another = await other();
    expect([another.status, another.body["error"]]).toEqual([400, "invalid_grant"]);
    const again = await first();
    expect([again.status, again.body["refresh_token"]]).toEqual([
      200,
      answer.body["refresh_token"],
    ]);
  },
);
