import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { issueFirstPartyTokens } from "@/lib/oidc/first-party";
import { listOwnApps, revokeOwnApp } from "@/lib/oidc/own-apps";
import { apiResource } from "@/lib/oidc/scopes";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { send as callApi } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();

type Client = Awaited<ReturnType<typeof aClient>>;
let shop: Client;
let wiki: Client;
let session: string;
let caller: Caller;

beforeAll(async () => {
  const common = { kind: "web", redirectUris: [CALLBACK] } as const;
  shop = await aClient({ name: "Shop", ...common, redirectUris: [CALLBACK], scopes: ["api:read"] });
  wiki = await aClient({ name: "Wiki", ...common, redirectUris: [CALLBACK], firstParty: true });
});
beforeEach(async () => {
  session = await aSession((await aUser()).id);
  caller = await callerWith(session);
});

const auth = ({ clientId, secret }: Client) => ({ authorization: basic(clientId, secret) });

async function signInTo(client: Client, parameters: Record<string, string> = {}, as = session) {
  const pkce = aPkce();
  const end = await new Browser(send, as).authorize(
    authorizationUrl(client.clientId, pkce, parameters),
  );
  const { body } = await post(
    send,
    "/token",
    {
      grant_type: "authorization_code",
      redirect_uri: CALLBACK,
      code: end.searchParams.get("code") ?? "",
      code_verifier: pkce.verifier,
      ...(parameters["resource"] === undefined ? {} : { resource: parameters["resource"] }),
    },
    auth(client),
  );
  return { access: String(body["access_token"]), refresh: String(body["refresh_token"]) };
}

const FULL = {
  scope: "openid email offline_access api:read",
  prompt: "consent",
  resource: "",
};
const full = () => ({ ...FULL, resource: apiResource() });

describe("what a person sees (F40)", () => {
  test("nothing while nothing acts for them, and nothing of others", async () => {
    const other = await aSession((await aUser()).id);
    await signInTo(shop, {}, other);
    expect(await listOwnApps(caller)).toEqual([]);
  });

  test("each app once, with all that its grants allow, and ours marked", async () => {
    await signInTo(shop);
    const again = await aSession(caller.principal.userId);
    await signInTo(shop, full(), again);
    await signInTo(wiki);
    const apps = await listOwnApps(caller);
    expect(apps.map(({ name, firstParty }) => [name, firstParty])).toEqual([
      ["Shop", false],
      ["Wiki", true],
    ]);
    expect(new Set(apps[0]?.scopes)).toEqual(
      new Set(["openid", "email", "offline_access", "api:read"]),
    );
    expect(apps[0]?.lastUsedAt?.getTime()).toBeGreaterThan(apps[0]?.grantedAt.getTime() ?? 0);
  });

  test("the program's own tokens are sessions, and no app", async () => {
    await issueFirstPartyTokens(caller.principal.userId, caller.principal.session.id);
    expect(await listOwnApps(caller)).toEqual([]);
  });
});

describe("what is taken back is over everywhere", () => {
  const introspect = async (token: string) =>
    (await post(send, "/token/introspection", { token }, auth(shop))).body;

  test("the refresh fails, introspection says inactive, the API says 401", async () => {
    const { access, refresh } = await signInTo(shop, full());
    const me = () =>
      send(`${getConfig().origin}/api/v1/me`, { headers: { authorization: `Bearer ${access}` } });
    expect((await me()).status).toBe(200);
    expect(await introspect(refresh)).toMatchObject({ active: true });
    expect(await revokeOwnApp(caller, shop.clientId)).toEqual({ outcome: "revoked" });
    expect((await me()).status).toBe(401);
    for (const token of [access, refresh])
      expect(await introspect(token)).toEqual({ active: false });
    const fields = { grant_type: "refresh_token", refresh_token: refresh };
    expect((await post(send, "/token", fields, auth(shop))).body["error"]).toBe("invalid_grant");
    expect(await listOwnApps(caller)).toEqual([]);
    const events = await prisma().auditEvent.findMany({
      where: { action: "client.access_revoked", actorId: caller.principal.userId },
    });
    expect(events).toHaveLength(1);
  });

  test("the app asks anew, and other apps and other people keep theirs", async () => {
    const other = await callerWith(await aSession((await aUser()).id));
    await signInTo(shop);
    await signInTo(wiki);
    expect(await revokeOwnApp(other, shop.clientId)).toEqual({ outcome: "not-found" });
    await revokeOwnApp(caller, shop.clientId);
    expect((await listOwnApps(caller)).map(({ name }) => name)).toEqual(["Wiki"]);
    const silently = authorizationUrl(shop.clientId, aPkce(), { prompt: "none" });
    const end = await new Browser(send, session).authorize(silently);
    expect(end.searchParams.get("error")).toBe("consent_required");
  });

  test("fifty at once take back once", async () => {
    await signInTo(shop);
    const results = await race(50, () => revokeOwnApp(caller, shop.clientId));
    expect(results.filter(({ outcome }) => outcome === "revoked")).toHaveLength(1);
  });
});

describe("the same over the API", () => {
  test("lists and takes back, with 404 for what is not there", async () => {
    await signInTo(shop, full());
    const { status, body } = await callApi(session, "GET", "/api/v1/apps");
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { clientId: shop.clientId, name: "Shop", firstParty: false },
    ]);
    const path = `/api/v1/apps/${shop.clientId}`;
    expect((await callApi(session, "DELETE", path)).status).toBe(204);
    expect((await callApi(session, "DELETE", path)).status).toBe(404);
    expect((await callApi(session, "DELETE", "/api/v1/apps/none")).status).toBe(404);
    expect((await callApi(session, "DELETE", "/api/v1/apps/no%00ne")).status).toBeLessThan(500);
    expect((await callApi(null, "GET", "/api/v1/apps")).status).toBe(401);
  });
});
