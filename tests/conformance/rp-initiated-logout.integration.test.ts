import { createHmac } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { findEndSessionRequest } from "@/lib/oidc/end-session";
import { getConfig } from "@/lib/platform/config";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, type TestUser } from "@/tests/support/builders";
import { signInTo } from "@/tests/support/code-flow";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const BYE = "https://app.example/bye";

let web: { clientId: string; secret: string };
let other: { clientId: string; secret: string };
let user: TestUser;

beforeAll(async () => {
  const addresses = {
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [BYE, `${BYE}?with=query`],
  };
  web = await aClient({ name: "Shop", kind: "web", firstParty: true, ...addresses });
  other = await aClient({
    name: "Other",
    kind: "web",
    firstParty: true,
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: ["https://other.example/bye"],
  });
  user = await aUser();
});

interface SignedIn {
  session: string;
  browser: Browser;
  idToken: string;
}

/** Somebody who has signed in to the client. */
async function signedIn(client = web, owner = user): Promise<SignedIn> {
  const session = await aSession(owner.id);
  const { browser, idToken } = await signInTo(send, session, client);
  return { session, browser, idToken };
}

const endSessionUrl = (parameters: Record<string, string>): string => {
  const url = new URL(`${getConfig().origin}/oidc/session/end`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

const lives = async (session: string): Promise<boolean> => (await findPrincipal(session)) !== null;

/** Where `prompt=none` leads, or its error. */
async function silently(browser: Browser): Promise<string> {
  const end = await browser.authorize(authorizationUrl(web.clientId, aPkce(), { prompt: "none" }));
  return end.searchParams.get("error") ?? "signed in";
}

/** An answer that leads nowhere and ends nothing. */
async function expectRefusal(answer: Response, session: string): Promise<string> {
  expect(answer.status).toBe(400);
  expect(answer.headers.get("location")).toBeNull();
  expect(answer.headers.getSetCookie().join()).not.toContain(sessionCookieName());
  expect(await lives(session)).toBe(true);
  return answer.text();
}

/** An answer that leads to our page, which asks; nothing has ended. */
async function expectQuestion(answer: Response, session: string) {
  expect(answer.status).toBe(303);
  const location = answer.headers.get("location") ?? "";
  expect(location).toMatch(/^\/end-session\/[\w-]{43}$/);
  expect(await lives(session)).toBe(true);
  return findEndSessionRequest(location.split("/").at(-1) ?? "");
}

const hintOf = (idToken: string, change: (claims: Record<string, unknown>) => object) =>
  change(JSON.parse(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString()));
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("what is not in order is shown and leads nowhere", () => {
  test("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", async () => {
    const { browser, session, idToken } = await signedIn();
    for (const address of [
      "https://evil.example/bye",
      `${BYE}/`,
      `${BYE}#`,
      `${BYE}/../bye`,
      "https://APP.example/bye",
      "https://app.example:443/bye",
      "https://app.example@evil.example/bye",
      "http://app.example/bye",
      "https://other.example/bye",
      CALLBACK,
      "javascript:alert(1)",
    ]) {
      const hinted = { id_token_hint: idToken, post_logout_redirect_uri: address, state: "s" };
      await expectRefusal(await browser.get(endSessionUrl(hinted)), session);
      const named = { client_id: web.clientId, post_logout_redirect_uri: address, state: "s" };
      await expectRefusal(await browser.get(endSessionUrl(named)), session);
    }
  });

  test("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", async () => {
    const { browser, session, idToken } = await signedIn();
    const address = `${BYE}?foo=bar`;
    const url = endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: address });
    expect(await expectRefusal(await browser.get(url), session)).toContain("not registered");
  });

  test("oidcc-rp-initiated-logout-modified-id-token-hint", async () => {
    const { browser, session, idToken } = await signedIn();
    const [, payload = "", signature = ""] = idToken.split(".");
    const changed = encode(hintOf(idToken, (claims) => ({ ...claims, sub: "somebody" })));
    const header = { alg: "ES256", typ: "JWT" };
    for (const hint of [
      `${encode({ alg: "none" })}.${payload}.`,
      `${encode({ alg: "none" })}.${payload}.${signature}`,
      `${encode(header)}.${changed}.${signature}`,
      `${encode(header)}.${payload}.`,
      "not a token",
    ]) {
      const url = endSessionUrl({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: "s" });
      await expectRefusal(await browser.get(url), session);
    }
  });

  test("oidcc-rp-initiated-logout-bad-id-token-hint", async () => {
    const { browser, session, idToken } = await signedIn();
    const claims = hintOf(idToken, (same) => same) as Record<string, unknown>;
    const { privateKey } = await generateKeyPair("ES256");
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    const [header, payload] = [encode({ alg: "HS256" }), encode(claims)];
    // The public key set is no secret to sign with.
    const jwks = await (await send(`${getConfig().origin}/oidc/jwks`)).text();
    const confused = createHmac("sha256", jwks).update(`${header}.${payload}`).digest("base64url");
    for (const hint of [foreign, `${header}.${payload}.${confused}`]) {
      const url = endSessionUrl({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: "s" });
      await expectRefusal(await browser.get(url), session);
    }
  });

  test("a client that is not who the token was for", async () => {
    const { browser, session, idToken } = await signedIn();
    const url = endSessionUrl({ id_token_hint: idToken, client_id: other.clientId });
    await expectRefusal(await browser.get(url), session);
    await expectRefusal(await browser.get(endSessionUrl({ client_id: "nobody" })), session);
  });

  test("a parameter that comes twice", async () => {
    const { browser, session } = await signedIn();
    const url = `${endSessionUrl({ client_id: web.clientId, post_logout_redirect_uri: BYE })}&state=1&state=2`;
    await expectRefusal(await browser.get(url), session);
  });
});

describe("without proof of whose session it is, the person is asked", () => {
  test("oidcc-rp-initiated-logout-no-id-token-hint", async () => {
    const { browser, session } = await signedIn();
    const bare = endSessionUrl({ post_logout_redirect_uri: BYE, state: "s" });
    // Whose address it would be is not said: nobody is led anywhere.
    expect(await expectQuestion(await browser.get(bare), session)).toMatchObject({
      clientName: null,
      backTo: null,
    });
    const named = endSessionUrl({
      client_id: web.clientId,
      post_logout_redirect_uri: BYE,
      state: "s",
    });
    expect(await expectQuestion(await browser.get(named), session)).toMatchObject({
      clientName: "Shop",
      backTo: `${BYE}?state=s`,
    });
  });

  test("oidcc-rp-initiated-logout-no-params", async () => {
    const { browser, session } = await signedIn();
    await expectQuestion(await browser.get(endSessionUrl({})), session);
  });

  test("oidcc-rp-initiated-logout-only-state", async () => {
    const { browser, session } = await signedIn();
    const request = await expectQuestion(await browser.get(endSessionUrl({ state: "s" })), session);
    expect(request?.backTo).toBeNull();
  });

  test("the token of another person, of another session, or of a client that this session did not visit", async () => {
    const stranger = await signedIn(web, await aUser());
    const earlier = await signedIn();
    const here = await signedIn();
    const foreign = endSessionUrl({ id_token_hint: stranger.idToken });
    await expectQuestion(await here.browser.get(foreign), here.session);
    const elsewhere = await signedIn(other);
    const unvisited = endSessionUrl({ id_token_hint: elsewhere.idToken });
    await expectQuestion(await here.browser.get(unvisited), here.session);
    expect(await lives(earlier.session)).toBe(true);
    expect(await lives(stranger.session)).toBe(true);
  });
});

describe("whoever proves it is signed out and goes back", () => {
  test("oidcc-rp-initiated-logout-discovery-endpoint-verification", async () => {
    const response = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
    const metadata = (await response.json()) as Record<string, unknown>;
    expect(metadata["end_session_endpoint"]).toBe(`${getConfig().origin}/oidc/session/end`);
    for (const gone of ["frontchannel_logout_supported", "check_session_iframe"]) {
      expect(metadata).not.toHaveProperty(gone);
    }
  });

  test("oidcc-rp-initiated-logout", async () => {
    const { browser, session, idToken } = await signedIn();
    expect(await silently(browser)).toBe("signed in");
    const url = endSessionUrl({
      id_token_hint: idToken,
      post_logout_redirect_uri: BYE,
      state: "a state&with=signs",
    });
    const answer = await browser.get(url);
    expect(answer.status).toBe(303);
    const end = new URL(answer.headers.get("location") ?? "");
    expect(`${end.origin}${end.pathname}`).toBe(BYE);
    expect([...end.searchParams]).toEqual([["state", "a state&with=signs"]]);
    expect(answer.headers.getSetCookie().join()).toContain(
      `${sessionCookieName()}=; Path=/; Max-Age=0`,
    );
    expect(await lives(session)).toBe(false);
    // Also for whoever has kept the cookie.
    expect(await silently(new Browser(send, session))).toBe("login_required");
  });

  test("oidcc-rp-initiated-logout-no-state", async () => {
    const { browser, session, idToken } = await signedIn();
    const url = endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: BYE });
    expect((await browser.get(url)).headers.get("location")).toBe(BYE);
    expect(await lives(session)).toBe(false);
  });

  test("oidcc-rp-initiated-logout-no-post-logout-redirect-uri", async () => {
    const { browser, session, idToken } = await signedIn();
    const answer = await browser.get(endSessionUrl({ id_token_hint: idToken, state: "s" }));
    expect(answer.headers.get("location")).toBe("/signed-out");
    expect(await lives(session)).toBe(false);
  });

  test("a client that knows its user by a name of its own (OIDC Core §8.1)", async () => {
    const pairwise = await aClient({
      name: "Pairwise",
      kind: "web",
      firstParty: true,
      pairwise: true,
      redirectUris: [CALLBACK],
      postLogoutRedirectUris: [BYE],
    });
    const { session, browser, idToken } = await signedIn(pairwise);
    const answer = await browser.get(
      endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: BYE }),
    );
    expect(answer.headers.get("location")).toBe(BYE);
    expect(await lives(session)).toBe(false);
  });

  test("an address with a query of its own keeps it", async () => {
    const { browser, idToken } = await signedIn();
    const address = `${BYE}?with=query`;
    const url = endSessionUrl({
      id_token_hint: idToken,
      post_logout_redirect_uri: address,
      state: "s",
    });
    expect((await browser.get(url)).headers.get("location")).toBe(`${address}&state=s`);
  });

  test("by POST as by GET, which brings the cookie along from another site", async () => {
    const { browser, session, idToken } = await signedIn();
    const fields = { id_token_hint: idToken, post_logout_redirect_uri: BYE, state: "s" };
    const posted = await send(`${getConfig().origin}/oidc/session/end`, {
      method: "POST",
      body: new URLSearchParams(fields),
    });
    expect(posted.status).toBe(303);
    expect(await lives(session)).toBe(true);
    const answer = await browser.get(posted.headers.get("location") ?? "");
    expect(answer.headers.get("location")).toBe(`${BYE}?state=s`);
    expect(await lives(session)).toBe(false);
  });

  test("whoever is signed out already goes back at once, and is asked nothing", async () => {
    const nobody = new Browser(send, null);
    const url = endSessionUrl({
      client_id: web.clientId,
      post_logout_redirect_uri: BYE,
      state: "s",
    });
    expect((await nobody.get(url)).headers.get("location")).toBe(`${BYE}?state=s`);
    expect((await nobody.get(endSessionUrl({}))).headers.get("location")).toBe("/signed-out");
  });
});

test("the engine's own confirmation ends nothing", async () => {
  const { session } = await signedIn();
  const answer = await send(`${getConfig().origin}/oidc/session/end/confirm`, {
    method: "POST",
    body: new URLSearchParams({ logout: "yes", xsrf: "" }),
    headers: { cookie: `${sessionCookieName()}=${session}` },
  });
  expect(answer.status).toBe(404);
  expect(await lives(session)).toBe(true);
});

test.each(["/session/end/success", "/Session/End/Success/", "/session/end/confirm", "/device"])(
  "the engine's own page at %s is no page here, and tells nobody what a client is called",
  async (path) => {
    const { clientId } = await aClient({
      name: "A client that nobody is told of",
      kind: "web",
      redirectUris: [CALLBACK],
    });
    for (const id of [clientId, "x"]) {
      const answer = await send(`${getConfig().origin}/oidc${path}?client_id=${id}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain("nobody is told of");
    }
  },
);
