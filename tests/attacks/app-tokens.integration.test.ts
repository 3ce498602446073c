import { expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { send as sendJson } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, type TestUser } from "@/tests/support/builders";
import { A_NEW_INVOICE } from "@/tests/support/invoices";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

/** What an app, and a service that acts by the app's token, got for an administrator who has just signed in. */
async function tokensOf({ id }: TestUser): Promise<[who: string, token: string][]> {
  const resource = `${getConfig().origin}/api/v1`;
  const scopes = ["api:read", "api:write"] as const;
  const app = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: [...scopes],
  });
  const acting = await aClient({
    name: "Gateway",
    kind: "service",
    scopes: [...scopes, "tokens:exchange"],
  });
  const pkce = aPkce();
  const end = await new Browser(send, await aSession(id)).authorize(
    authorizationUrl(app.clientId, pkce, { resource, scope: scopes.join(" ") }),
  );
  const ask = async (fields: Record<string, string>, by: typeof app) => {
    const headers = { authorization: basic(by.clientId, by.secret) };
    return String((await post(send, "/token", fields, headers)).body["access_token"]);
  };
  const code = {
    grant_type: "authorization_code",
    redirect_uri: CALLBACK,
    code: end.searchParams.get("code") ?? "",
    code_verifier: pkce.verifier,
    resource,
  };
  const own = await ask(code, app);
  const exchange = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: own,
    subject_token_type: TOKEN_TYPE,
  };
  return [
    ["app", own],
    ["service", await ask(exchange, acting)],
  ];
}

test("an app of an administrator does nothing that would outlive it (F22, ATK-27)", async () => {
  const other = await aUser();
  const disabled = await aUser({ status: "disabled" });
  const shop = await aClient({ name: "Other", kind: "web", redirectUris: [CALLBACK] });
  const before = await prisma().oidcClient.count();
  const ours = { name: "Mine", kind: "web", firstParty: true, redirectUris: [CALLBACK] };
  const calls: [string, string, unknown][] = [
    ["POST", "/api/v1/clients", ours],
    ["PATCH", `/api/v1/clients/${shop.clientId}`, { name: "Mine" }],
    ["POST", `/api/v1/clients/${shop.clientId}/secrets`, undefined],
    ["POST", "/api/v1/claims", { name: "x", value: "x", scope: "openid", targets: ["userinfo"] }],
    ["POST", "/api/v1/roles", { name: "Mine" }],
    ["POST", "/api/v1/keys/rotate", { compromised: true }],
    ["POST", "/api/v1/tokens", { name: "Mine", scopes: ["api:read"] }],
    ["PUT", `/api/v1/users/${other.id}/roles`, { roleIds: [] }],
    ["PATCH", `/api/v1/users/${other.id}`, { email: "mine@evil.example" }],
    ["DELETE", `/api/v1/users/${other.id}`, undefined],
    ["POST", "/api/v1/users", { email: "new@evil.example", password: "four unlikely words here" }],
    ["PATCH", `/api/v1/users/${disabled.id}`, { status: "active" }],
  ];
  for (const [who, token] of await tokensOf(await aUser({ roles: ["Admin"] }))) {
    const headers = { authorization: `Bearer ${token}` };
    expect((await sendJson(null, "GET", "/api/v1/users", undefined, headers)).status).toBe(200);
    for (const [method, path, body] of calls) {
      const answer = await sendJson(null, method, path, body, headers);
      expect([who, path, answer.status, answer.body.code]).toEqual([
        who,
        path,
        403,
        "person_required",
      ]);
    }
    const rename = { name: "Ada" };
    const renamed = await sendJson(null, "PATCH", `/api/v1/users/${other.id}`, rename, headers);
    expect(renamed.status).toBe(200);
    const invited = { email: `${who}@example.com` };
    expect((await sendJson(null, "POST", "/api/v1/users", invited, headers)).status).toBe(201);
  }
  // What it takes for the tokens, and nothing else.
  expect(await prisma().oidcClient.count()).toBe(before + 2);
});

test("what an app does for its user is in the audit log under both their names (ATK-72)", async () => {
  const user = await aUser({ roles: ["Manager"] });
  const admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  for (const [who, token] of await tokensOf(user)) {
    const headers = { authorization: `Bearer ${token}` };
    expect((await sendJson(null, "POST", "/api/v1/invoices", A_NEW_INVOICE, headers)).status).toBe(
      201,
    );
    expect((await sendJson(null, "GET", "/api/v1/roles", undefined, headers)).status).toBe(403);
    for (const action of ["invoice.created", "authorization.denied"]) {
      const query = `actor=${user.id}&action=${action}&limit=1`;
      const { body } = await sendJson(admin, "GET", `/api/v1/audit-events?${query}`);
      expect(body.items).toMatchObject([
        {
          actor: { type: "user", id: user.id },
          client: { type: "client", name: who === "app" ? "Shop" : "Gateway" },
        },
      ]);
    }
  }
});
