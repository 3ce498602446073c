import { randomUUID } from "node:crypto";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import * as oidc from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { listOwnApps } from "@/lib/oidc/own-apps";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const TYPE = "urn:ietf:params:oauth:token-type:access_token";
const api = () => `${getConfig().origin}/api/v1`;

type Client = { clientId: string; secret: string };
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

let web: Client;
let gateway: Client;
let userId: string;
let session: string;

const auth = ({ clientId, secret }: Client) => ({ authorization: basic(clientId, secret) });
const aService = (scopes: string[]) => aClient({ name: "Gateway", kind: "service", scopes });

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: ["api:read", "api:write"],
  });
  gateway = await aService(["api:read", "api:write", "tokens:exchange"]);
  ({ id: userId } = await aUser());
  session = await aSession(userId);
});

async function aProof(keys: Keys, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    htm: "POST",
    htu: `${getConfig().origin}/oidc/token`,
    ...claims,
  })
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(keys.publicKey) })
    .sign(keys.privateKey);
}

/** The access token of a user for the API, as their app gets it. */
async function aUserToken(
  scope = "api:read api:write",
  { cookie = session, keys }: { cookie?: string; keys?: Keys } = {},
): Promise<string> {
  const pkce = aPkce();
  const end = await new Browser(send, cookie).authorize(
    authorizationUrl(web.clientId, pkce, { resource: api(), scope }),
  );
  const answer = await post(
    send,
    "/token",
    {
      grant_type: "authorization_code",
      redirect_uri: CALLBACK,
      code: end.searchParams.get("code") ?? "",
      code_verifier: pkce.verifier,
      resource: api(),
    },
    { ...auth(web), ...(keys && { dpop: await aProof(keys) }) },
  );
  expect(answer.status).toBe(200);
  return String(answer.body["access_token"]);
}

const exchange = (
  subject_token: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
  by: Client = gateway,
) =>
  post(
    send,
    "/token",
    { grant_type: GRANT, subject_token, subject_token_type: TYPE, ...fields },
    { ...auth(by), ...headers },
  );

const me = (token: string) =>
  send(`${api()}/me`, { headers: { authorization: `Bearer ${token}` } });

describe("a client acts for a user (RFC 8693, F51)", () => {
  test("openid-client exchanges a token for one with less, that names who acts", async () => {
    const subject = await aUserToken();
    const config = await oidc.discovery(
      new URL(`${getConfig().origin}/oidc`),
      gateway.clientId,
      gateway.secret,
      undefined,
      { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
    );
    expect(config.serverMetadata().grant_types_supported).toContain(GRANT);
    const made = await oidc.genericGrantRequest(config, GRANT, {
      subject_token: subject,
      subject_token_type: TYPE,
      scope: "api:read",
      resource: api(),
    });
    expect(made).toMatchObject({ scope: "api:read", issued_token_type: TYPE });
    expect(made.refresh_token).toBeUndefined();
    expect(decodeJwt(made.access_token)).toMatchObject({
      sub: userId,
      client_id: gateway.clientId,
      aud: api(),
      scope: "api:read",
      sid: decodeJwt(subject)["sid"],
      act: { sub: gateway.clientId },
    });
    const answer = await me(made.access_token);
    expect([answer.status, await answer.json()]).toMatchObject([200, { id: userId }]);
    const state = await oidc.tokenIntrospection(config, made.access_token);
    expect(state).toMatchObject({ active: true, act: { sub: gateway.clientId } });
  });

  test("it never lives longer than what it was exchanged for", async () => {
    const subject = await aUserToken();
    const made = await exchange(subject);
    const own = decodeJwt(String(made.body["access_token"])).exp ?? 0;
    expect(own).toBeLessThanOrEqual(decodeJwt(subject).exp ?? 0);
    expect(made.body["expires_in"]).toBeLessThanOrEqual(getConfig().tokens.accessLifetimeSeconds);
  });

  test("who acts for whom stands in it as a chain, which has an end", async () => {
    const actors = [
      gateway,
      ...(await Promise.all([1, 2, 3].map(() => aService(["api:read", "tokens:exchange"])))),
    ];
    let token = await aUserToken("api:read");
    const chain: string[] = [];
    for (const actor of actors.slice(0, 3)) {
      const made = await exchange(token, {}, {}, actor);
      token = String(made.body["access_token"]);
      chain.unshift(actor.clientId);
    }
    const [third, second, first] = chain;
    expect(decodeJwt(token)["act"]).toEqual({
      sub: third,
      act: { sub: second, act: { sub: first } },
    });
    const fourth = await exchange(token, {}, {}, actors[3]);
    expect([fourth.status, fourth.body["error"]]).toEqual([400, "invalid_request"]);
  });

  test("it is on record", async () => {
    await exchange(await aUserToken());
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "token.exchanged", targetId: userId },
    });
    expect(JSON.stringify(event.after)).toContain(gateway.clientId);
    expect(JSON.stringify(event)).not.toContain("eyJ");
  });
});

describe("who may not (RFC 8693 §5)", () => {
  test("a client without the right, a public one, and nobody", async () => {
    const subject = await aUserToken();
    const without = await aService(["api:read", "api:write"]);
    const refused = await exchange(subject, {}, {}, without);
    expect([refused.status, refused.body["access_token"]]).toEqual([400, undefined]);
    const { clientId } = await aClient({
      name: "Page",
      kind: "single_page",
      redirectUris: [CALLBACK],
      scopes: ["api:read"],
    });
    const scopes = ["api:read", "tokens:exchange"];
    await prisma().oidcClient.update({ where: { id: clientId }, data: { scopes } });
    const fields = { grant_type: GRANT, subject_token: subject, subject_token_type: TYPE };
    const open = await post(send, "/token", { ...fields, client_id: clientId });
    expect([open.status, open.body["access_token"]]).toEqual([400, undefined]);
    expect((await post(send, "/token", fields)).status).toBe(401);
    const wrong = { clientId: gateway.clientId, secret: "x".repeat(43) };
    expect((await exchange(subject, {}, {}, wrong)).status).toBe(401);
  });

  test("a client with the right and nothing of the API gets nothing of it", async () => {
    const bare = await aService(["tokens:exchange"]);
    const made = await exchange(await aUserToken(), {}, {}, bare);
    expect([made.status, made.body["error"]]).toEqual([400, "invalid_scope"]);
  });
});

describe("what is not exchanged", () => {
  test.each<[string, Record<string, string>, string]>([
    ["for another resource", { resource: "https://other.example/api" }, "invalid_target"],
    ["for another audience", { audience: "https://other.example" }, "invalid_target"],
    ["for ours and another", { audience: "https://other.example", resource: "" }, "invalid_target"],
    [
      "for more than the token may",
      { scope: "api:read api:write tokens:exchange" },
      "invalid_scope",
    ],
    ["for scopes of sign-in", { scope: "openid" }, "invalid_scope"],
    [
      "for a refresh token",
      { requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
      "invalid_request",
    ],
    [
      "for an ID token",
      { requested_token_type: "urn:ietf:params:oauth:token-type:id_token" },
      "invalid_request",
    ],
    [
      "as an ID token",
      { subject_token_type: "urn:ietf:params:oauth:token-type:id_token" },
      "invalid_request",
    ],
    [
      "as SAML",
      { subject_token_type: "urn:ietf:params:oauth:token-type:saml2" },
      "invalid_request",
    ],
    ["without its type", { subject_token_type: "" }, "invalid_request"],
    ["without itself", { subject_token: "" }, "invalid_request"],
    ["with another actor", { actor_token: "x", actor_token_type: TYPE }, "invalid_request"],
  ])("a token %s", async (_, fields, error) => {
    const made = await exchange(await aUserToken(), fields);
    expect([made.status, made.body["error"]]).toEqual([400, error]);
  });

  test("a token that reads for one that writes, by anybody", async () => {
    const subject = await aUserToken("api:read");
    const more = await exchange(subject, { scope: "api:read api:write" });
    expect([more.status, more.body["error"]]).toEqual([400, "invalid_scope"]);
    const same = await exchange(subject);
    expect(same.body["scope"]).toBe("api:read");
    const token = String(same.body["access_token"]);
    const again = await exchange(token, { scope: "api:write" });
    expect([again.status, again.body["error"]]).toEqual([400, "invalid_scope"]);
    const reader = await aService(["api:read", "tokens:exchange"]);
    const both = await exchange(await aUserToken(), {}, {}, reader);
    expect(both.body["scope"]).toBe("api:read");
  });

  test("what is forged, foreign, of another kind, over or revoked", async () => {
    const good = await aUserToken();
    const [header = "", payload = "", signature = ""] = good.split(".");
    const claims = decodeJwt(good);
    const { privateKey } = await generateKeyPair("ES256");
    const forged = (over: object, typ = "at+jwt") =>
      new SignJWT({ ...claims, ...over })
        .setProtectedHeader({ alg: "ES256", typ })
        .sign(privateKey);
    const itself = await post(
      send,
      "/token",
      { grant_type: "client_credentials", resource: api(), scope: "api:read" },
      auth(await aService(["api:read"])),
    );
    const revoked = await aUserToken("api:read", { cookie: await aSession((await aUser()).id) });
    await post(send, "/token/revocation", { token: revoked }, auth(web));
    const pkce = aPkce();
    const end = await new Browser(send, session).authorize(
      authorizationUrl(web.clientId, pkce, { scope: "openid" }),
    );
    const opaque = await post(
      send,
      "/token",
      {
        grant_type: "authorization_code",
        redirect_uri: CALLBACK,
        code: end.searchParams.get("code") ?? "",
        code_verifier: pkce.verifier,
      },
      auth(web),
    );
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
    for (const [name, token] of [
      ["signed by another", await forged({})],
      ["of another issuer", await forged({ iss: "https://evil.example" })],
      ["of another kind", await forged({}, "JWT")],
      ["unsigned", `${none}.${payload}.`],
      ["bent", `${header}.${payload}.${signature.slice(0, -4)}AAAA`],
      ["an ID token", String(opaque.body["id_token"])],
      ["not for the API", String(opaque.body["access_token"])],
      ["a client's own", String(itself.body["access_token"])],
      ["revoked", revoked],
      ["nonsense", "nonsense"],
    ]) {
      const made = await exchange(token ?? "");
      expect([name, made.status, made.body["error"]]).toEqual([name, 400, "invalid_request"]);
      expect([name, (await me(good)).status]).toEqual([name, 200]);
    }
    expect((await exchange(good)).status).toBe(200);
  });
});

describe("it ends with what it was exchanged for", () => {
  test("with the session, and none is exchanged afterwards", async () => {
    const cookie = await aSession((await aUser()).id);
    const subject = await aUserToken("api:read", { cookie });
    const made = String((await exchange(subject)).body["access_token"]);
    expect((await me(made)).status).toBe(200);
    await signOut(await callerWith(cookie));
    expect((await me(made)).status).toBe(401);
    expect((await exchange(subject)).status).toBe(400);
    expect((await exchange(made)).status).toBe(400);
    const state = await post(send, "/token/introspection", { token: made }, auth(gateway));
    expect(state.body).toEqual({ active: false });
  });

  test("with what the user allowed, also further along the chain", async () => {
    const user = await aUser();
    const subject = await aUserToken("api:read", { cookie: await aSession(user.id) });
    const once = String((await exchange(subject)).body["access_token"]);
    const other = await aService(["api:read", "tokens:exchange"]);
    const twice = String((await exchange(once, {}, {}, other)).body["access_token"]);
    expect((await me(twice)).status).toBe(200);
    await prisma().oidcGrant.deleteMany({ where: { userId: user.id, clientId: web.clientId } });
    for (const token of [subject, once, twice]) expect((await me(token)).status).toBe(401);
    expect((await exchange(twice)).status).toBe(400);
  });

  test("with its user, when an administrator disables them", async () => {
    const user = await aUser();
    const subject = await aUserToken("api:read", { cookie: await aSession(user.id) });
    const made = String((await exchange(subject)).body["access_token"]);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect((await me(made)).status).toBe(401);
    expect((await exchange(subject)).status).toBe(400);
  });

  test("the client that acts can end its own, and ends nothing else", async () => {
    const subject = await aUserToken();
    const made = String((await exchange(subject)).body["access_token"]);
    await post(send, "/token/revocation", { token: made }, auth(gateway));
    expect((await me(made)).status).toBe(401);
    expect((await me(subject)).status).toBe(200);
  });

  test("and is nobody's consent: the client that acted still has to ask", async () => {
    const user = await aUser();
    const cookie = await aSession(user.id);
    const acting = await aClient({
      name: "Acts",
      kind: "web",
      redirectUris: [CALLBACK],
      scopes: ["api:read", "tokens:exchange"],
    });
    const made = await exchange(await aUserToken("api:read", { cookie }), {}, {}, acting);
    expect(made.status).toBe(200);
    const end = await new Browser(send, cookie).authorize(
      authorizationUrl(acting.clientId, aPkce(), {
        prompt: "none",
        resource: api(),
        scope: "api:read",
      }),
    );
    expect(end.searchParams.get("error")).toBe("consent_required");
    const apps = (await listOwnApps(await callerWith(cookie))).map(({ name }) => name);
    expect(apps).toEqual(["Shop"]);
  });

  test("within the organization of the session, whatever else its user belongs to", async () => {
    const user = await aUser();
    const cookie = await aSession(user.id);
    const { organization } = (await (
      await me(await aUserToken("api:read", { cookie }))
    ).json()) as {
      organization: { id: string };
    };
    const other = await prisma().organization.create({
      data: { name: "Other", slug: randomUUID() },
    });
    await prisma().membership.create({ data: { userId: user.id, organizationId: other.id } });
    const subject = await aUserToken("api:read", { cookie });
    const wishes: Record<string, string>[] = [{}, { organization_id: other.id }];
    for (const fields of wishes) {
      const made = await exchange(subject, fields);
      const answer = await me(String(made.body["access_token"]));
      expect(await answer.json()).toMatchObject({ organization: { id: organization.id } });
    }
    await prisma().membership.deleteMany({
      where: { userId: user.id, organizationId: organization.id },
    });
    expect((await exchange(subject)).status).toBe(400);
  });
});

describe("a token that is bound to a key (RFC 9449)", () => {
  test("is exchanged with that key only, once for a proof, and for one that is bound as well", async () => {
    const keys = await generateKeyPair("ES256");
    const subject = await aUserToken("api:read", { keys });
    const thief = await generateKeyPair("ES256");
    expect((await exchange(subject)).status).toBe(400);
    expect((await exchange(subject, {}, { dpop: await aProof(thief) })).status).toBe(400);
    expect((await exchange(subject, {}, { dpop: "nonsense" })).status).toBe(400);
    const dpop = await aProof(keys);
    const made = await exchange(subject, {}, { dpop });
    expect(made.body["token_type"]).toBe("DPoP");
    const token = String(made.body["access_token"]);
    expect(decodeJwt(token)["cnf"]).toEqual(decodeJwt(subject)["cnf"]);
    expect((await exchange(subject, {}, { dpop })).status).toBe(400);
    expect((await me(token)).status).toBe(401);
  });

  test("and one that is not becomes so where the client shows a key", async () => {
    const keys = await generateKeyPair("ES256");
    const made = await exchange(await aUserToken(), {}, { dpop: await aProof(keys) });
    expect(made.body["token_type"]).toBe("DPoP");
  });
});
