import * as oidc from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { answerConsent, findInteractionStep } from "@/lib/oidc/interactions";
import { getProvider } from "@/lib/oidc/provider";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();

let web: { clientId: string; secret: string };
let user: TestUser;
let session: string;

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK, `${CALLBACK}?with=query`],
  });
  user = await aUser();
  session = await aSession(user.id);
});

const auth = () => ({ authorization: basic(web.clientId, web.secret) });
const redeem = (fields: Record<string, string>, headers: Record<string, string> = auth()) =>
  post(
    send,
    "/token",
    { grant_type: "authorization_code", redirect_uri: CALLBACK, ...fields },
    headers,
  );

async function aCode(parameters: Record<string, string | null> = {}) {
  const pkce = aPkce();
  const end = await new Browser(send, session).authorize(
    authorizationUrl(web.clientId, pkce, parameters),
  );
  return { code: end.searchParams.get("code") ?? "", verifier: pkce.verifier, end };
}

describe("openid-client signs somebody in unchanged (oidcc-server, oidcc-userinfo-get)", () => {
  test("discovery, code with PKCE, ID token, userinfo, refresh, introspection and revocation", async () => {
    const config = await oidc.discovery(
      new URL(`${getConfig().origin}/oidc`),
      web.clientId,
      web.secret,
      undefined,
      { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
    );
    const verifier = oidc.randomPKCECodeVerifier();
    const nonce = oidc.randomNonce();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: "openid profile email offline_access",
      prompt: "consent",
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      nonce,
      state,
    });
    const end = await new Browser(send, session).authorize(url.href);
    expect(end.href).toMatch(/^https:\/\/app\.example\/callback\?code=/);
    expect(end.searchParams.get("iss")).toBe(`${getConfig().origin}/oidc`);
    const tokens = await oidc.authorizationCodeGrant(config, end, {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    expect(claims).toMatchObject({
      sub: user.id,
      acr: "urn:gatehouse:aal1",
      amr: ["pwd"],
      auth_time: expect.any(Number) as number,
    });
    const info = await oidc.fetchUserInfo(config, tokens.access_token, user.id);
    expect(info).toMatchObject({ sub: user.id, email: user.email, email_verified: true });
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    const state1 = await oidc.tokenIntrospection(config, renewed.access_token);
    expect(state1).toMatchObject({ active: true, sub: user.id });
    await oidc.tokenRevocation(config, renewed.refresh_token ?? "");
    expect(await oidc.tokenIntrospection(config, renewed.access_token)).toEqual({ active: false });
  });
});

describe("the authorization request (RFC 9700 §2.1, BCP)", () => {
  test.each<[string, Record<string, string | null>, string]>([
    ["without PKCE", { code_challenge: null, code_challenge_method: null }, "invalid_request"],
    ["with the method plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["for a token (implicit)", { response_type: "token" }, "unsupported_response_type"],
    [
      "for an ID token (implicit)",
      { response_type: "id_token", nonce: "n" },
      "unsupported_response_type",
    ],
    [
      "for code and token (hybrid)",
      { response_type: "code id_token", nonce: "n" },
      "unsupported_response_type",
    ],
    [
      "without a response type (oidcc-response-type-missing)",
      { response_type: null },
      "invalid_request",
    ],
    ["with prompt=none and others", { prompt: "none login" }, "invalid_request"],
    ["for an unknown resource", { resource: "https://elsewhere.example" }, "invalid_target"],
    [
      "by a request object (oidcc-unsigned-request-object)",
      { request: "e30.e30." },
      "request_not_supported",
    ],
    [
      "by an address of a request",
      { request_uri: "https://app.example/r" },
      "request_uri_not_supported",
    ],
  ])("%s is refused to the client", async (_, parameters, error) => {
    const { end } = await aCode(parameters);
    expect(end.origin).toBe("https://app.example");
    const given =
      end.searchParams.get("error") ?? new URLSearchParams(end.hash.slice(1)).get("error");
    expect(given).toBe(error);
  });

  test("an address given twice is refused, and so is an unknown client", async () => {
    const browser = new Browser(send, session);
    const url = authorizationUrl(web.clientId, aPkce());
    const twice = await browser.authorize(`${url}&redirect_uri=${encodeURIComponent(CALLBACK)}`);
    expect(twice.pathname).toBe("/answered/400");
    const unknown = await browser.authorize(authorizationUrl("nobody", aPkce()));
    expect(unknown.pathname).toBe("/answered/400");
  });

  test("the error page escapes what it shows and runs nothing", async () => {
    const answer = await new Browser(send, null).get(
      authorizationUrl("<script>alert(1)</script>", aPkce()),
    );
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await answer.text()).not.toContain("<script>");
  });
});

describe("the code (RFC 6749 §4.1.2, oidcc-codereuse)", () => {
  test.each<[string, Record<string, string>]>([
    ["another verifier", { code_verifier: "x".repeat(43) }],
    ["no verifier", {}],
    ["another address", { redirect_uri: `${CALLBACK}?with=query` }],
  ])("with %s it is worth nothing, and is not used up by that", async (_, fields) => {
    const { code, verifier } = await aCode();
    const given = "redirect_uri" in fields ? { code_verifier: verifier, ...fields } : fields;
    const wrong = await redeem({ code, ...given });
    expect([wrong.status, wrong.body["error"]]).toEqual([400, "invalid_grant"]);
    expect((await redeem({ code, code_verifier: verifier })).status).toBe(200);
  });

  test("another client cannot redeem it", async () => {
    const other = await aClient({ name: "B", kind: "web", redirectUris: [CALLBACK] });
    const { code, verifier } = await aCode();
    const answer = await redeem(
      { code, code_verifier: verifier },
      { authorization: basic(other.clientId, other.secret) },
    );
    expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_grant"]);
  });

  test("of fifty redeemers one gets tokens (ATK-19)", async () => {
    const { code, verifier } = await aCode();
    const answers = await race(50, () => redeem({ code, code_verifier: verifier }));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(
      answers.filter(({ body }) => body["error"] === "invalid_grant").length,
    ).toBeGreaterThanOrEqual(49);
  });

  test("a second use takes back what the first one got", async () => {
    const { code, verifier } = await aCode();
    const first = await redeem({ code, code_verifier: verifier });
    expect(first.status).toBe(200);
    const token = String(first.body["access_token"]);
    expect((await redeem({ code, code_verifier: verifier })).status).toBe(400);
    const after = await post(send, "/token/introspection", { token }, auth());
    expect(after.body).toEqual({ active: false });
  });
});

describe("prompt, max_age and who is signed in (OIDC Core §3.1.2.1)", () => {
  test("prompt=none without a session (oidcc-prompt-none-not-logged-in)", async () => {
    const end = await new Browser(send, null).authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none" }),
    );
    expect(end.searchParams.get("error")).toBe("login_required");
    expect(end.searchParams.get("state")).toBe("a-state");
  });

  test("prompt=none before and after consent (oidcc-prompt-none-logged-in)", async () => {
    const somebody = await aSession((await aUser()).id);
    const browser = new Browser(send, somebody);
    const url = authorizationUrl(web.clientId, aPkce(), { prompt: "none" });
    expect((await browser.authorize(url)).searchParams.get("error")).toBe("consent_required");
    await browser.authorize(authorizationUrl(web.clientId, aPkce()));
    expect((await browser.authorize(url)).searchParams.get("code")).not.toBeNull();
  });

  test("a revoked session never answers prompt=none", async () => {
    const somebody = await aSession((await aUser()).id);
    const browser = new Browser(send, somebody);
    await browser.authorize(authorizationUrl(web.clientId, aPkce()));
    await signOut(await callerWith(somebody));
    const end = await browser.authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none" }),
    );
    expect(end.searchParams.get("error")).toBe("login_required");
  });

  test("prompt=login, max_age and a higher class ask for a proof (oidcc-prompt-login, oidcc-max-age-1)", async () => {
    const userId = (await aUser()).id;
    const somebody = await aSession(userId);
    await prisma().session.updateMany({
      where: { userId },
      data: { authTime: new Date(Date.now() - 60_000) },
    });
    const browser = new Browser(send, somebody);
    const demands: Record<string, string>[] = [
      { prompt: "login" },
      { max_age: "30" },
      { acr_values: "urn:gatehouse:aal2" },
    ];
    for (const parameters of demands) {
      const end = await browser.authorize(authorizationUrl(web.clientId, aPkce(), parameters));
      expect([parameters, end.pathname]).toEqual([parameters, "/step-up"]);
    }
    const recent = await browser.authorize(
      authorizationUrl(web.clientId, aPkce(), { max_age: "3600" }),
    );
    expect(recent.searchParams.get("code")).not.toBeNull();
  });

  test("consent is asked once, again for a new scope, and a refusal is told", async () => {
    const somebody = await aSession((await aUser()).id);
    const browser = new Browser(send, somebody);
    const refused = await browser.authorize(authorizationUrl(web.clientId, aPkce()), {
      allow: false,
    });
    expect(refused.searchParams.get("error")).toBe("access_denied");
    await browser.authorize(authorizationUrl(web.clientId, aPkce()));
    const without = await browser.authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none" }),
    );
    expect(without.searchParams.get("code")).not.toBeNull();
    const more = await browser.authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none", scope: "openid email" }),
    );
    expect(more.searchParams.get("error")).toBe("consent_required");
  });

  test("claims that are asked for by name are shown as what they are", async () => {
    const somebody = await callerWith(await aSession((await aUser()).id));
    const begun = await new Browser(send, null).get(
      authorizationUrl(web.clientId, aPkce(), {
        claims: JSON.stringify({ userinfo: { email: null, name: null } }),
      }),
    );
    const uid = begun.headers.get("location")?.split("/").at(-1) ?? "";
    const { prompt } = (await (await getProvider()).Interaction.find(uid)) ?? {};
    expect(prompt?.name).toBe("login");
    expect((await findInteractionStep(uid, somebody)).step).toBe("go-on");
    const cookie = await aSession((await aUser()).id);
    const url = authorizationUrl(web.clientId, aPkce(), {
      claims: JSON.stringify({ userinfo: { email: null, name: null } }),
    });
    const asked = await new Browser(send, cookie).get(url);
    const consent = asked.headers.get("location")?.split("/").at(-1) ?? "";
    expect(await findInteractionStep(consent, await callerWith(cookie))).toMatchObject({
      step: "consent",
      scopes: ["openid", "profile", "email"],
    });
  });

  test("only the answer that counts grants anything", async () => {
    const cookie = await aSession((await aUser()).id);
    const caller = await callerWith(cookie);
    const url = authorizationUrl(web.clientId, aPkce());
    const asked = await new Browser(send, cookie).get(url);
    const uid = asked.headers.get("location")?.split("/").at(-1) ?? "";
    expect((await answerConsent(caller, uid, false)).outcome).toBe("answered");
    expect((await answerConsent(caller, uid, true)).outcome).toBe("rejected");
    const userId = caller.principal.userId;
    expect(await prisma().oidcGrant.count({ where: { userId } })).toBe(0);
  });

  test("the answer as a form can submit itself, and runs nothing else (oidcc-response-mode-form-post)", async () => {
    const browser = new Browser(send, session);
    await browser.authorize(authorizationUrl(web.clientId, aPkce()));
    const page = await browser.get(
      authorizationUrl(web.clientId, aPkce(), { response_mode: "form_post", prompt: "none" }),
    );
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(/script-src 'sha256-[^' ]+'/);
    expect(await page.text()).toContain(`action="${CALLBACK}"`);
  });

  test.each(["state", "nonce", "login_hint"])(
    "a NUL in %s is refused and breaks nothing",
    async (name) => {
      const { end } = await aCode({ [name]: "a\u0000b" });
      expect(end.pathname).toBe("/answered/400");
    },
  );

  test("a first-party client needs no consent", async () => {
    const own = await aClient({
      name: "Ours",
      kind: "web",
      firstParty: true,
      redirectUris: [CALLBACK],
    });
    const end = await new Browser(send, session).authorize(
      authorizationUrl(own.clientId, aPkce(), { prompt: "none", scope: "openid email" }),
    );
    expect(end.searchParams.get("code")).not.toBeNull();
  });

  test("an interaction finished in one browser signs nobody in in another (RFC 9700 §4.7)", async () => {
    const attacker = new Browser(send, null);
    const begun = await attacker.get(authorizationUrl(web.clientId, aPkce()));
    const uid = begun.headers.get("location")?.split("/").at(-1) ?? "";
    const victim = await callerWith(session);
    const next = await findInteractionStep(uid, victim);
    if (next.step !== "go-on") throw new Error(`unexpected ${next.step}`);
    const end = await attacker.authorize(new URL(next.href, getConfig().origin).href);
    expect(end.searchParams.get("code")).toBeNull();
  });
});
