import * as oidc from "openid-client";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { createClient, type NewClient } from "@/lib/oidc/create-client";
import { changeClient } from "@/lib/oidc/manage-clients";
import { pairwiseSubject } from "@/lib/oidc/pairwise";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aRequest, aSession, aUser } from "@/tests/support/builders";
import { serveDocuments } from "@/tests/support/document-server";
import { aPkce, authorizationUrl, Browser } from "@/tests/support/relying-party";
import { aCallerHolding } from "@/tests/support/roles";

const send = serveMachinePaths();
const documents = serveDocuments({ secure: true });
const foreign = serveDocuments({ allowed: false, secure: true });

let userId: string;
let session: string;

beforeAll(async () => {
  ({ id: userId } = await aUser());
  session = await aSession(userId);
});

const aPairwise = (redirectUri: string, more: Partial<NewClient> = {}) =>
  aClient({ name: "Shop", kind: "web", redirectUris: [redirectUri], pairwise: true, ...more });

const make = (client: Partial<NewClient>) =>
  createClient(
    { kind: "operator", request: aRequest() },
    { name: "Shop", kind: "web", pairwise: true, ...client },
  );

/** How a user is named to a client: in the ID token, at userinfo and by introspection. */
async function namesAt(client: { clientId: string; secret: string }, redirectUri: string) {
  const config = await oidc.discovery(
    new URL(`${getConfig().origin}/oidc`),
    client.clientId,
    client.secret,
    undefined,
    { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
  );
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid profile",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: "a-state",
  });
  const end = await new Browser(send, session).authorize(url.href);
  const tokens = await oidc.authorizationCodeGrant(config, end, {
    pkceCodeVerifier: verifier,
    expectedState: "a-state",
  });
  const idToken = tokens.claims()?.sub ?? "";
  const info = await oidc.fetchUserInfo(config, tokens.access_token, idToken);
  const state = await oidc.tokenIntrospection(config, tokens.access_token);
  return { name: idToken, all: [idToken, info.sub, state.sub], hint: tokens.id_token ?? "" };
}

describe("names of users (OIDC Core §8, F65)", () => {
  test("are others at another host, the same at the same one, and nowhere the public one", async () => {
    const metadata = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
    expect(await metadata.json()).toMatchObject({
      subject_types_supported: ["public", "pairwise"],
    });
    const uris = {
      a: "https://a.example/callback",
      a2: "https://a.example/other",
      b: "https://b.example/callback",
    };
    const a = await namesAt(await aPairwise(uris.a), uris.a);
    const same = await namesAt(await aPairwise(uris.a2), uris.a2);
    const b = await namesAt(await aPairwise(uris.b), uris.b);
    const open = await namesAt(
      await aClient({ name: "Open", kind: "web", redirectUris: [uris.a] }),
      uris.a,
    );
    for (const { name, all } of [a, same, b, open]) expect(new Set(all)).toEqual(new Set([name]));
    expect(same.name).toBe(a.name);
    expect(b.name).not.toBe(a.name);
    expect(open.name).toBe(userId);
    for (const { name } of [a, b]) {
      expect(name).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(name).not.toContain(userId);
    }
  });

  test("a client asks by its own name for a user, and by no other", async () => {
    const uri = "https://hints.example/callback";
    const client = await aPairwise(uri);
    const { name } = await namesAt(client, uri);
    const ask = (sub: string) =>
      new Browser(send, session).authorize(
        authorizationUrl(client.clientId, aPkce(), {
          redirect_uri: uri,
          prompt: "none",
          claims: JSON.stringify({ id_token: { sub: { value: sub } } }),
        }),
      );
    expect((await ask(name)).searchParams.get("code")).not.toBeNull();
    expect((await ask(userId)).searchParams.get("error")).toBe("login_required");
  });
});

describe("a name stays for ever", () => {
  const client = { pairwise_sector: "a.example" };

  test("when secrets and keys are rotated", async () => {
    const before = await pairwiseSubject(undefined, userId, client);
    const { authSecrets, dataEncryptionKeys } = getConfig();
    Object.assign(getConfig(), {
      authSecrets: ["another-secret-0123456789-0123456789"],
      dataEncryptionKeys: ["another-key-0123456789-0123456789-01"],
    });
    vi.resetModules();
    const anew = await import("@/lib/oidc/pairwise");
    expect(await anew.pairwiseSubject(undefined, userId, client)).toBe(before);
    Object.assign(getConfig(), { authSecrets, dataEncryptionKeys });
  });

  test("when a client moves to another host", async () => {
    const uri = "https://moves.example/callback";
    const moved = "https://moved.example/callback";
    const client = await aPairwise(uri);
    const { name } = await namesAt(client, uri);
    await prisma().oidcClient.update({
      where: { id: client.clientId },
      data: { redirectUris: [moved] },
    });
    expect((await namesAt(client, moved)).name).toBe(name);
  });

  test("and nobody changes what it is made with, not even by a statement", async () => {
    await expect(
      prisma().instance.updateMany({ data: { pairwiseSalt: Buffer.alloc(32) } }),
    ).rejects.toThrow(/cannot be changed/);
    const { pairwiseSalt } = await prisma().instance.findFirstOrThrow();
    expect(pairwiseSalt).toHaveLength(32);
  });

  test("a client that has no host names nobody", async () => {
    await expect(pairwiseSubject(undefined, userId, {})).rejects.toThrow("no sector");
  });
});

describe("what is registered", () => {
  test("several hosts need a list of all of them (oidcc-registration-sector-uri)", async () => {
    const redirectUris = ["https://one.example/callback", "https://two.example/callback"];
    expect((await make({ redirectUris })).outcome).toBe("rejected");
    documents.put("/sector.json", redirectUris);
    const sectorIdentifierUri = documents.url("/sector.json");
    const made = await make({ redirectUris, sectorIdentifierUri });
    expect(made.outcome).toBe("created");
    const row = await prisma().oidcClient.findFirstOrThrow({
      where: { redirectUris: { equals: redirectUris } },
    });
    expect(row.pairwiseSector).toBe(new URL(sectorIdentifierUri).host);
    // The list is asked for when the client is made, and never by those who sign in.
    const asked = documents.asked("/sector.json");
    for (const redirect_uri of redirectUris) {
      const end = await new Browser(send, session).authorize(
        authorizationUrl(row.id, aPkce(), { redirect_uri }),
      );
      expect(end.searchParams.get("code")).not.toBeNull();
    }
    expect(documents.asked("/sector.json")).toBe(asked);
  });

  test.each<[string, Parameters<typeof documents.put>[1]]>([
    ["lacks one (oidcc-registration-sector-bad)", ["https://one.example/callback"]],
    ["is no list", { one: "https://one.example/callback" }],
    ["is no JSON", (_request, response) => void response.end("<html>")],
    [
      "is elsewhere",
      (_q, response) => void response.writeHead(302, { location: "/sector.json" }).end(),
    ],
    ["is an error", (_request, response) => void response.writeHead(500).end()],
  ])("a list that %s is refused", async (name, answer) => {
    const path = `/${encodeURIComponent(name)}`;
    documents.put(path, answer);
    const made = await make({
      redirectUris: ["https://one.example/callback", "https://two.example/callback"],
      sectorIdentifierUri: documents.url(path),
    });
    expect(made.outcome).toBe("rejected");
  });

  test("a list within our own network is not asked for (ATK-28, ATK-62)", async () => {
    for (const sectorIdentifierUri of [
      foreign.url("/sector.json"),
      "https://169.254.169.254/sector.json",
      "https://localhost/sector.json",
      "http://one.example/sector.json",
      "nonsense",
    ]) {
      const made = await make({
        redirectUris: ["https://one.example/callback"],
        sectorIdentifierUri,
      });
      expect([sectorIdentifierUri, made.outcome]).toEqual([sectorIdentifierUri, "rejected"]);
    }
    expect(foreign.asked("/sector.json")).toBe(0);
  });

  test("nothing that has no host, or that would tell the public name all the same", async () => {
    for (const client of [
      { kind: "service", scopes: [] },
      { kind: "native", redirectUris: ["com.example.app:/callback"] },
      { redirectUris: [] },
      { redirectUris: ["https://one.example/callback"], scopes: ["api:read"] },
      {
        redirectUris: ["https://one.example/callback"],
        pairwise: false,
        sectorIdentifierUri: "https://one.example/sector.json",
      },
    ] as Partial<NewClient>[]) {
      expect([client, (await make(client)).outcome]).toEqual([client, "rejected"]);
    }
  });

  test("scopes of the API that such a client got later reach nothing", async () => {
    const uri = "https://later.example/callback";
    const { clientId, secret } = await aPairwise(uri);
    await prisma().oidcClient.update({ where: { id: clientId }, data: { scopes: ["api:read"] } });
    const resource = `${getConfig().origin}/api/v1`;
    const end = await new Browser(send, session).authorize(
      authorizationUrl(clientId, aPkce(), { redirect_uri: uri, resource, scope: "api:read" }),
    );
    expect(end.searchParams.get("error")).toBe("invalid_target");
    const pushed = await post(
      send,
      "/request",
      { response_type: "code", redirect_uri: uri, resource, scope: "api:read" },
      { authorization: basic(clientId, secret) },
    );
    expect(pushed.status).toBe(400);
  });
});

describe("the names of one host's users are told to no other (ATK-27, OIDC Core §8.1)", () => {
  const EVIL = "https://evil.example/callback";
  const sectorOf = async (id: string) =>
    (await prisma().oidcClient.findUniqueOrThrow({ where: { id } })).pairwiseSector;
  const refused = (field: string) => ({
    outcome: "rejected",
    reason: "invalid",
    fields: { [field]: [expect.stringContaining("evil.example")] },
  });

  test("a client goes nowhere else with them, whoever changes it", async () => {
    const own = "https://hospital.example/callback";
    const { clientId } = await aPairwise(own);
    const delegate = await aCallerHolding({ view_clients: "all", manage_clients: "all" });
    for (const caller of [delegate, await aCaller({ roles: ["Admin"] })]) {
      for (const redirectUris of [[EVIL], [own, EVIL]]) {
        const moved = await changeClient(caller, clientId, { redirectUris }, null);
        expect(moved).toEqual(refused("redirectUris"));
      }
      const told = { backchannelLogoutUri: "https://evil.example/out" };
      expect(await changeClient(caller, clientId, told, null)).toEqual(
        refused("backchannelLogoutUri"),
      );
    }
    const redirectUris = [own, "https://hospital.example/other"];
    const backchannelLogoutUri = "https://hospital.example/out";
    const change = { redirectUris, backchannelLogoutUri };
    expect(await changeClient(delegate, clientId, change, null)).toMatchObject({
      outcome: "changed",
    });
    expect(await sectorOf(clientId)).toBe("hospital.example");
  });

  test("nor is one made that tells them at the end of a session", async () => {
    const made = await make({
      redirectUris: ["https://hospital.example/callback"],
      backchannelLogoutUri: "https://evil.example/out",
    });
    expect(made).toEqual(refused("backchannelLogoutUri"));
  });

  test("but where the list of its sector names the address, which is asked for again", async () => {
    const [one, two] = ["https://one.example/callback", "https://two.example/callback"];
    const path = "/sector-that-grows.json";
    documents.put(path, [one, two]);
    const { clientId } = await aPairwise(one, {
      redirectUris: [one, two],
      sectorIdentifierUri: documents.url(path),
    });
    const admin = await aCaller({ roles: ["Admin"] });
    const three = "https://three.example/callback";
    const grow = (redirectUris: string[]) => changeClient(admin, clientId, { redirectUris }, null);
    documents.put(path, [one, two, three]);
    expect(await grow([one, three])).toMatchObject({ outcome: "changed" });
    const asked = documents.asked(path);
    // Another name, and an address less, ask for nothing.
    expect(await changeClient(admin, clientId, { name: "Store" }, null)).toMatchObject({
      outcome: "changed",
    });
    expect(await grow([one])).toMatchObject({ outcome: "changed" });
    expect(documents.asked(path)).toBe(asked);
    expect(await grow([one, EVIL])).toEqual(refused("redirectUris"));
    documents.put(path, (_request, response) => void response.writeHead(500).end());
    expect(await grow([one, two])).toMatchObject({ outcome: "rejected", reason: "invalid" });
    const row = await prisma().oidcClient.findUniqueOrThrow({ where: { id: clientId } });
    expect(row.redirectUris).toEqual([one]);
  });

  test("a list is asked for by nobody who may not change clients", async () => {
    const one = "https://one.example/callback";
    const path = "/sector-of-others.json";
    documents.put(path, [one]);
    const sectorIdentifierUri = documents.url(path);
    const { clientId } = await aPairwise(one, { sectorIdentifierUri });
    const asked = documents.asked(path);
    const viewer = await aCallerHolding({ view_clients: "all" });
    const change = { redirectUris: [EVIL] };
    await expect(changeClient(viewer, clientId, change, null)).rejects.toThrow(AccessDenied);
    expect(documents.asked(path)).toBe(asked);
  });
});
