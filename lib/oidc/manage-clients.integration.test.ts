import { beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import type { ClientSettings } from "@/lib/oidc/client.schema";
import { addClientSecret, removeClientSecret } from "@/lib/oidc/client-secrets";
import { createClient, type NewClient } from "@/lib/oidc/create-client";
import {
  changeClient,
  countClientHoldings,
  deleteClient,
  findClient,
  searchClients,
} from "@/lib/oidc/manage-clients";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, callerOf } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";
import { aCallerHolding } from "@/tests/support/roles";

const serve = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;

let admin: Caller;
/** May manage clients, and nothing else. */
let delegate: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  delegate = await aCallerHolding({ view_clients: "all", manage_clients: "all" });
});

const aShop = (client: Partial<NewClient> = {}) =>
  aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK], ...client });

const eventsOf = async (targetId: string) => {
  const events = await prisma().auditEvent.findMany({
    where: { targetType: "client", targetId, action: { not: "client.authorized" } },
    orderBy: { id: "asc" },
  });
  return events.map(({ action }) => action);
};

const introspect = (token: string, clientId: string, secret: string) =>
  post(serve, "/token/introspection", { token }, { authorization: basic(clientId, secret) });

/** A person's tokens at a client: by code, with a refresh token and one for the API. */
async function tokensAt(clientId: string, secret: string) {
  const pkce = aPkce();
  const end = await new Browser(serve, await aSession((await aUser()).id)).authorize(
    authorizationUrl(clientId, pkce, {
      scope: "openid offline_access api:read",
      prompt: "consent",
      resource: api(),
    }),
  );
  const answer = await post(
    serve,
    "/token",
    {
      grant_type: "authorization_code",
      code: end.searchParams.get("code") ?? "",
      redirect_uri: CALLBACK,
      code_verifier: pkce.verifier,
      resource: api(),
    },
    { authorization: basic(clientId, secret) },
  );
  return {
    access: String(answer.body["access_token"]),
    refresh: String(answer.body["refresh_token"]),
  };
}

const refresh = (token: string, clientId: string, secret: string) =>
  post(
    serve,
    "/token",
    { grant_type: "refresh_token", refresh_token: token },
    { authorization: basic(clientId, secret) },
  );

const callMe = async (token: string): Promise<number> =>
  (
    await callApi({
      method: "GET",
      path: "/api/v1/me",
      headers: { authorization: `Bearer ${token}` },
    })
  ).status;

const ownToken = (clientId: string, secret: string) =>
  post(
    serve,
    "/token",
    { grant_type: "client_credentials", resource: api(), scope: "api:read" },
    { authorization: basic(clientId, secret) },
  );

describe("a client that is disabled", () => {
  test("is unknown at once, its tokens are dead, and enabling gives nothing back", async () => {
    const { clientId, secret } = await aShop({ scopes: ["api:read"] });
    const gateway = await aClient({ name: "G", kind: "service", scopes: ["tokens:introspect"] });
    const tokens = await tokensAt(clientId, secret);
    expect(await callMe(tokens.access)).toBe(200);
    expect(await countClientHoldings(admin, clientId)).toEqual({ users: 1, tokens: 2 });
    await changeClient(admin, clientId, { status: "disabled" }, null);

    const unknown = await refresh(tokens.refresh, clientId, secret);
    expect([unknown.status, unknown.body["error"]]).toEqual([401, "invalid_client"]);
    expect(await callMe(tokens.access)).toBe(401);
    for (const token of [tokens.access, tokens.refresh]) {
      const { body } = await introspect(token, gateway.clientId, gateway.secret);
      expect(body).toEqual({ active: false });
    }
    const asked = await new Browser(serve, null).get(authorizationUrl(clientId, aPkce()));
    expect([asked.status, asked.headers.get("location")]).toEqual([400, null]);

    await changeClient(admin, clientId, { status: "active" }, null);
    expect((await refresh(tokens.refresh, clientId, secret)).status).toBe(400);
    expect(await callMe(tokens.access)).toBe(401);
    expect(await callMe((await tokensAt(clientId, secret)).access)).toBe(200);
    expect(await eventsOf(clientId)).toEqual([
      "client.created",
      "client.disabled",
      "client.enabled",
    ]);
  });

  test("has nothing that slipped in while it was being disabled", async () => {
    const { clientId, secret } = await aClient({
      name: "Reports",
      kind: "service",
      scopes: ["api:read"],
    });
    const gateway = await aClient({ name: "G", kind: "service", scopes: ["tokens:introspect"] });
    const disable = () => changeClient(admin, clientId, { status: "disabled" }, null);
    const answers = await race(20, async (index) =>
      index === 10 ? disable().then(() => null) : ownToken(clientId, secret),
    );
    const tokens = answers.flatMap((answer) =>
      answer?.status === 200 ? [String(answer.body["access_token"])] : [],
    );
    for (const enabled of [false, true]) {
      await changeClient(admin, clientId, { status: enabled ? "active" : "disabled" }, null);
      for (const token of tokens) {
        const { body } = await introspect(token, gateway.clientId, gateway.secret);
        expect(body).toEqual({ active: false });
      }
    }
  });

  test("is no different after it has been deleted, which takes everything along", async () => {
    const { clientId, secret } = await aShop({ scopes: ["api:read"] });
    const service = await aClient({ name: "S", kind: "service", scopes: ["api:read"] });
    const gateway = await aClient({ name: "G", kind: "service", scopes: ["tokens:introspect"] });
    const { access } = await tokensAt(clientId, secret);
    const { body } = await ownToken(service.clientId, service.secret);
    for (const id of [clientId, service.clientId]) {
      expect(await deleteClient(admin, id)).toMatchObject({ outcome: "deleted" });
      expect(await deleteClient(admin, id)).toEqual({ outcome: "not-found" });
    }
    for (const token of [access, String(body["access_token"])]) {
      const answer = await introspect(token, gateway.clientId, gateway.secret);
      expect(answer.body).toEqual({ active: false });
    }
    expect(await callMe(access)).toBe(401);
    const where = { clientId };
    expect(await prisma().oidcGrant.count({ where })).toBe(0);
    expect(await prisma().oidcClientSecret.count({ where })).toBe(0);
    expect(await eventsOf(clientId)).toEqual(["client.created", "client.deleted"]);
  });
});

describe("secrets while one replaces the other", () => {
  test("both are good, and the one that is removed is not from the next request on", async () => {
    const { clientId, secret } = await aClient({
      name: "R",
      kind: "service",
      scopes: ["api:read"],
    });
    const added = await addClientSecret(admin, clientId);
    if (added.outcome !== "added") throw new Error(added.outcome);
    for (const one of [secret, added.secret]) {
      expect((await ownToken(clientId, one)).status).toBe(200);
    }
    const [first] = (await findClient(admin, clientId))?.secrets ?? [];
    await removeClientSecret(admin, clientId, first?.id ?? "");
    expect((await ownToken(clientId, secret)).status).toBe(401);
    expect((await ownToken(clientId, added.secret)).status).toBe(200);
    expect(await eventsOf(clientId)).toEqual([
      "client.created",
      "client.secret_added",
      "client.secret_removed",
    ]);
  });

  test("of fifty who add a second one, one does", async () => {
    const { clientId } = await aShop();
    const answers = await race(50, () => addClientSecret(admin, clientId));
    expect(answers.filter(({ outcome }) => outcome === "added")).toHaveLength(1);
    expect((await findClient(admin, clientId))?.secrets).toHaveLength(2);
  });

  test("of fifty who remove both, none removes the last one", async () => {
    const { clientId } = await aShop();
    await addClientSecret(admin, clientId);
    const secrets = (await findClient(admin, clientId))?.secrets ?? [];
    const answers = await race(50, (index) =>
      removeClientSecret(admin, clientId, secrets[index % 2]?.id ?? ""),
    );
    expect(answers.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
    expect((await findClient(admin, clientId))?.secrets).toHaveLength(1);
  });

  test("a client that keeps none gets none, and nobody removes another client's", async () => {
    const { clientId } = await aClient({
      name: "Notes",
      kind: "native",
      redirectUris: ["com.example.app:/callback"],
    });
    expect(await addClientSecret(admin, clientId)).toMatchObject({ reason: "keeps-no-secret" });
    const [one, other] = [await aShop(), await aShop()];
    const [foreign] = (await findClient(admin, other.clientId))?.secrets ?? [];
    await addClientSecret(admin, one.clientId);
    expect(await removeClientSecret(admin, one.clientId, foreign?.id ?? "")).toEqual({
      outcome: "not-found",
    });
  });

  test("it is told which is in use, by one statement a minute", async () => {
    const { clientId, secret } = await aClient({
      name: "R",
      kind: "service",
      scopes: ["api:read"],
    });
    await addClientSecret(admin, clientId);
    await race(10, () => ownToken(clientId, secret));
    await expect
      .poll(async () => (await findClient(admin, clientId))?.secrets.map((one) => one.lastUsedAt))
      .toEqual([expect.any(Date), null]);
    const before = await findClient(admin, clientId);
    expect(before?.lastUsedAt).not.toBeNull();
    await prisma().oidcClientSecret.updateMany({ where: { clientId }, data: { lastUsedAt: null } });
    await ownToken(clientId, secret);
    const after = await findClient(admin, clientId);
    expect(after?.secrets.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null, null]);
  });
});

describe("changing a client", () => {
  const change = (id: string, settings: Partial<ClientSettings>, version: number | null = null) =>
    changeClient(admin, id, settings, version);

  test("counts from the next request on, and at the version that was read", async () => {
    const { clientId } = await aShop();
    const moved = "https://app.example/moved";
    const changed = await change(clientId, { redirectUris: [moved] }, 1);
    expect(changed).toMatchObject({ outcome: "changed", client: { version: 2, name: "Shop" } });
    expect(await change(clientId, { name: "Late" }, 1)).toEqual({
      outcome: "rejected",
      reason: "stale",
      version: 2,
    });
    const ask = (redirect_uri: string) =>
      new Browser(serve, null).get(
        authorizationUrl(clientId, aPkce(), { redirect_uri, prompt: "none" }),
      );
    expect((await ask(CALLBACK)).status).toBe(400);
    expect((await ask(moved)).headers.get("location")).toContain(`${moved}?error=login_required`);
  });

  test.each<[string, Partial<ClientSettings>, string]>([
    ["no address", { redirectUris: [] }, "redirectUris"],
    ["plain http", { redirectUris: ["http://app.example/cb"] }, "redirectUris"],
    ["a wildcard", { redirectUris: ["https://*.app.example/cb"] }, "redirectUris"],
    ["a fragment", { redirectUris: [`${CALLBACK}#x`] }, "redirectUris"],
    ["a scheme of its own", { redirectUris: ["com.example.app:/cb"] }, "redirectUris"],
    ["script", { postLogoutRedirectUris: ["javascript:alert(1)"] }, "postLogoutRedirectUris"],
    [
      "a logout by http",
      { backchannelLogoutUri: "http://app.example/out" },
      "backchannelLogoutUri",
    ],
  ])("to %s is refused with its field, and changes nothing", async (_, settings, field) => {
    const { clientId } = await aShop();
    const result = await change(clientId, settings);
    expect(result).toMatchObject({ outcome: "rejected", reason: "invalid" });
    expect("fields" in result && Object.keys(result.fields)).toEqual([field]);
    expect((await findClient(admin, clientId))?.version).toBe(1);
  });

  test("to less ends what it holds: a scope, or the trust of one of ours", async () => {
    const { clientId, secret } = await aShop({ scopes: ["api:read", "api:write"] });
    const first = await tokensAt(clientId, secret);
    await change(clientId, { name: "Store", scopes: ["api:write", "api:read"] });
    expect(await callMe(first.access)).toBe(200);
    await change(clientId, { scopes: ["api:write"] });
    expect(await callMe(first.access)).toBe(401);
    await change(clientId, { scopes: ["api:read"], firstParty: true });
    const second = await tokensAt(clientId, secret);
    await change(clientId, { firstParty: false });
    expect(await callMe(second.access)).toBe(401);
    expect((await refresh(second.refresh, clientId, secret)).status).toBe(400);
  });
});

describe("whoever may manage clients and is no administrator (ATK-27)", () => {
  const MIGHTY: [string, Partial<NewClient>][] = [
    ["a first-party client", { firstParty: true }],
    ["a client that looks up tokens", { scopes: ["tokens:introspect"] }],
    ["a client that acts by the tokens of others", { scopes: ["tokens:exchange"] }],
  ];
  const beyond = { outcome: "rejected", reason: "beyond-own-permissions" };
  const asDelegate = {
    kind: "caller",
    get caller() {
      return delegate;
    },
  } as const;
  const shop: NewClient = { name: "Shop", kind: "web", redirectUris: [CALLBACK] };

  test.each(MIGHTY)("does not make %s, nor one of what there is", async (_, terms) => {
    expect(await createClient(asDelegate, { ...shop, ...terms })).toMatchObject(beyond);
    const { clientId } = await aShop();
    expect(await changeClient(delegate, clientId, terms as never, null)).toMatchObject(beyond);
    expect(await changeClient(delegate, clientId, { name: "Mine" }, null)).toMatchObject({
      outcome: "changed",
    });
  });

  test.each(MIGHTY)("does not become %s by its secret or its addresses", async (_, terms) => {
    const { clientId, secret } = await aShop(terms);
    expect(await addClientSecret(delegate, clientId)).toMatchObject(beyond);
    const redirectUris = [CALLBACK, "https://evil.example/"];
    expect(await changeClient(delegate, clientId, { redirectUris }, null)).toMatchObject(beyond);
    expect(
      await changeClient(delegate, clientId, { firstParty: false, scopes: [] }, null),
    ).toMatchObject(beyond);
    const end = await new Browser(serve, await aSession((await aUser()).id)).authorize(
      authorizationUrl(clientId, aPkce(), { redirect_uri: "https://evil.example/" }),
    );
    expect(end.pathname).toBe("/answered/400");
    // What only takes away is theirs: an incident waits for nobody.
    expect(await changeClient(delegate, clientId, { status: "disabled" }, null)).toMatchObject({
      outcome: "changed",
    });
    expect(await changeClient(delegate, clientId, { status: "active" }, null)).toMatchObject(
      beyond,
    );
    expect((await introspect("x", clientId, secret)).status).toBe(401);
    expect(await deleteClient(delegate, clientId)).toMatchObject({ outcome: "deleted" });
  });

  test("does not get at what somebody allowed a client before, by an address of their own", async () => {
    const evil = "https://evil.example/";
    const scope = "openid api:read api:write";
    const mighty = await aSession((await aUser({ roles: ["Admin"] })).id);
    const allow = (clientId: string, more: Record<string, string>) =>
      new Browser(serve, mighty).authorize(
        authorizationUrl(clientId, aPkce(), { scope, resource: api(), ...more }),
      );
    const { clientId } = await aShop({ scopes: ["api:read", "api:write"] });
    const silently = { prompt: "none", redirect_uri: evil };
    expect((await allow(clientId, {})).searchParams.get("code")).not.toBeNull();
    const redirectUris = [CALLBACK, evil];
    expect(await changeClient(delegate, clientId, { redirectUris }, null)).toMatchObject({
      outcome: "changed",
    });
    expect((await allow(clientId, silently)).searchParams.get("error")).toBe("consent_required");
    // An address less, or another name, asks nobody anew; nor does whoever could act as them anyway.
    expect((await allow(clientId, {})).searchParams.get("code")).not.toBeNull();
    await changeClient(delegate, clientId, { name: "Store", redirectUris: [CALLBACK] }, null);
    await changeClient(admin, clientId, { redirectUris }, null);
    expect((await allow(clientId, silently)).searchParams.get("code")).not.toBeNull();
  });

  test("the tokens of what they made reach no further than they were given", async () => {
    const made = await createClient(asDelegate, {
      name: "S",
      kind: "service",
      scopes: ["api:read"],
    });
    if (made.outcome !== "created") throw new Error(made.outcome);
    const { body } = await ownToken(made.client.id, made.secret ?? "");
    expect(body["scope"]).toBe("api:read");
    const { clientId, secret } = await aShop({ scopes: ["api:read"] });
    const { access } = await tokensAt(clientId, secret);
    const looked = await introspect(access, made.client.id, made.secret ?? "");
    expect(looked.body).toEqual({ active: false });
  });
});

describe("who may do this", () => {
  test("nobody without the permission, and nobody whose proof is old", async () => {
    const { clientId } = await aShop();
    const stranger = await aCallerHolding({ view_users: "all" });
    await expect(searchClients(stranger, {}, { limit: 10 })).rejects.toThrow(AccessDenied);
    await expect(deleteClient(stranger, clientId)).rejects.toThrow(AccessDenied);
    const viewer = await aCallerHolding({ view_clients: "all" });
    await expect(addClientSecret(viewer, clientId)).rejects.toThrow(AccessDenied);
    const { id } = await aUser({ roles: ["Admin"] });
    const { principal, request } = await callerOf(id);
    const authTime = new Date(Date.now() - 3_600_000);
    const tired = {
      request,
      principal: { ...principal, session: { ...principal.session, authTime } },
    };
    for (const attempt of [
      () => addClientSecret(tired, clientId),
      () => changeClient(tired, clientId, { status: "disabled" }, null),
      () => changeClient(tired, clientId, { name: "x" }, null),
      () => deleteClient(tired, clientId),
    ]) {
      await expect(attempt()).rejects.toThrow(AssuranceInsufficient);
    }
  });

  test("the program's own client is nobody's to see or to change", async () => {
    expect(await findClient(admin, "gatehouse")).toBeNull();
    for (const attempt of [
      changeClient(admin, "gatehouse", { status: "disabled" }, null),
      deleteClient(admin, "gatehouse"),
      addClientSecret(admin, "gatehouse"),
      changeClient(admin, "gatehouse", { name: "x" }, null),
    ]) {
      expect(await attempt).toEqual({ outcome: "not-found" });
    }
    expect(await deleteClient(admin, "a\u0000b")).toEqual({ outcome: "not-found" });
  });
});

test("clients are found by name, id and address, page by page", async () => {
  const word = `Zebra ${Date.now()}`;
  for (const letter of ["c", "a", "b"]) await aShop({ name: `${word} ${letter}` });
  const { clientId } = await aShop({
    name: "%_",
    redirectUris: [`https://${Date.now()}.example/`],
  });
  const names = async (listing: object, cursor?: string) => {
    const result = await searchClients(admin, listing, { limit: 2, cursor });
    if (result.outcome !== "listed") throw new Error(result.reason);
    return { ...result, names: result.clients.map(({ name }) => name) };
  };
  const first = await names({ q: word.toLowerCase() });
  expect(first.names).toEqual([`${word} a`, `${word} b`]);
  const second = await names({ q: word }, first.nextCursor ?? "");
  expect([second.names, second.nextCursor]).toEqual([[`${word} c`], null]);
  const back = await names({ q: word }, second.previousCursor ?? "");
  expect(back.names).toEqual(first.names);
  expect((await names({ q: clientId })).names).toEqual(["%_"]);
  expect((await names({ q: "%_" })).names).toEqual(["%_"]);
  await changeClient(admin, clientId, { status: "disabled" }, null);
  expect((await names({ q: clientId, status: "active" })).names).toEqual([]);
  expect((await names({ q: clientId, status: "disabled", kind: "web" })).names).toEqual(["%_"]);
  expect(await searchClients(admin, {}, { limit: 2, cursor: "x" })).toMatchObject({
    reason: "unknown-cursor",
  });
});
