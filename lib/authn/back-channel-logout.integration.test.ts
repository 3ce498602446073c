import { generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "@/app/api/auth/backchannel-logout/[provider]/route";
import { attemptFactor } from "@/lib/authn/attempt-factor";
import { logOutByBackChannel } from "@/lib/authn/back-channel-logout";
import { continueWithIdentity, ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signOut } from "@/lib/authn/sign-out";
import type { Asked } from "@/lib/federation/connections";
import { findUpstreamSignOut } from "@/lib/federation/upstream-sign-out";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { aTotp, totpCode } from "@/tests/support/factors";
import { type IdentityProvider, startIdentityProvider } from "@/tests/support/identity-provider";
import { race } from "@/tests/support/race";
import { aProof } from "@/tests/support/tickets";
import {
  aLogoutToken,
  anIdToken,
  CLIENT_ID,
  LOGOUT_EVENT,
  useProvider,
} from "@/tests/support/upstream";

let provider: IdentityProvider;

beforeAll(async () => {
  await anInstance();
  provider = await startIdentityProvider();
  useProvider(provider.url);
});
afterAll(() => provider.stop());

/** The test's provider is on this machine, where the guard lets nobody go unless it is listed. */
const listed = (hosts: string[]) => Object.assign(getConfig(), { outboundAllowedHosts: hosts });

test("a connection logs out like any other while it is on, and is asked through the guard (F7, ATK-62)", async () => {
  const connection = await aConnection({ issuer: provider.url, clientId: CLIENT_ID });
  const { id, slug } = connection;
  const from = at(askedOf(connection));
  const cookie = await cameFrom(from);
  const words = () => token({ sub: from.subject, sid: from.sid });
  expect(await logOut(await words(), "google")).toEqual({ outcome: "ended", sessions: 0 });
  await prisma().connection.update({ where: { id }, data: { enabled: false } });
  expect(await logOut(await words(), slug)).toEqual({ outcome: "rejected" });
  await prisma().connection.update({ where: { id }, data: { enabled: true } });
  expect(await isAlive(cookie)).toBe(true);
  listed([new URL(provider.url).host]);
  expect(await logOut(await words(), slug)).toEqual({ outcome: "ended", sessions: 1 });
  listed([]);
  expect(await isAlive(cookie)).toBe(false);
});

test("a connection within our own network is not asked, so nothing it says counts (ATK-62)", async () => {
  const other = await startIdentityProvider();
  const connection = await aConnection({ issuer: other.url, clientId: CLIENT_ID });
  const from = at(askedOf(connection));
  const cookie = await cameFrom(from);
  const word = await aLogoutToken(other.url, { sub: from.subject });
  expect(await logOut(word, connection.slug)).toEqual({ outcome: "rejected" });
  expect(await isAlive(cookie)).toBe(true);
  await other.stop();
});

interface Upstream extends Asked {
  subject: string;
  sid: string | null;
}

const tokenOf = (from: Upstream) => ({ ...from, idToken: "an.id.token" });
const NEW_BROWSER = { deviceSecret: undefined, sessionSecret: undefined };

async function cameFrom(from: Upstream, userId?: string): Promise<string> {
  const id = userId ?? (await aUser()).id;
  const ticket = await ticketOfIdentity(await aProof(id), undefined, tokenOf(from));
  const redeemed = await redeemSignInTicket(ticket, NEW_BROWSER, aRequest());
  return redeemed?.sessionSecret ?? "";
}

const at = (overrides: Partial<Upstream> = {}): Upstream => ({
  provider: "google",
  subject: newId(),
  sid: newId(),
  ...overrides,
});

const isAlive = async (cookie: string) => (await findPrincipal(cookie)) !== null;
const logOut = (token: string, name = "google") => logOutByBackChannel(name, token, aRequest());
const token = (claims: Record<string, unknown>, header?: Record<string, string>) =>
  aLogoutToken(provider.url, claims, header);

test("a provider's word that somebody signed out there ends the session that came from it (F74)", async () => {
  const from = at();
  const user = await aUser();
  const cookie = await cameFrom(from, user.id);
  const elsewhere = await aSession(user.id);
  const otherSession = await cameFrom(at({ subject: from.subject }), user.id);
  const stranger = await cameFrom(at());
  expect(await logOut(await token({ sub: from.subject, sid: from.sid }))).toEqual({
    outcome: "ended",
    sessions: 1,
  });
  expect(await isAlive(cookie)).toBe(false);
  for (const other of [elsewhere, otherSession, stranger]) expect(await isAlive(other)).toBe(true);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "session.revoked", reason: "upstream_sign_out" },
    orderBy: { id: "desc" },
  });
  expect(event).toMatchObject({ actorType: "system", targetType: "session", outcome: "success" });
});

test("a subject without a session ends all that came from the subject", async () => {
  const { subject } = at();
  const cookies = [
    await cameFrom(at({ subject })),
    await cameFrom(at({ subject })),
    await cameFrom(at({ subject, sid: null })),
  ];
  expect(await logOut(await token({ sub: subject }))).toEqual({ outcome: "ended", sessions: 3 });
  for (const cookie of cookies) expect(await isAlive(cookie)).toBe(false);
});

test("a session alone ends what came from it, and one that was not named at sign-in is not spared", async () => {
  const from = at();
  const cookie = await cameFrom(from);
  expect(await logOut(await token({ sid: from.sid }))).toEqual({ outcome: "ended", sessions: 1 });
  expect(await isAlive(cookie)).toBe(false);
  const unnamed = at({ sid: null });
  const other = await cameFrom(unnamed);
  expect(await logOut(await token({ sid: newId() }))).toEqual({ outcome: "ended", sessions: 0 });
  expect(await isAlive(other)).toBe(true);
  await logOut(await token({ sub: unnamed.subject, sid: newId() }));
  expect(await isAlive(other)).toBe(false);
});

test("no provider reaches sessions of another, whatever ids they share", async () => {
  const from = at({ provider: "github" });
  const cookie = await cameFrom(from);
  await logOut(await token({ sub: from.subject, sid: from.sid }));
  expect(await isAlive(cookie)).toBe(true);
});

test("older providers, that give no type or a general one, are understood", async () => {
  for (const header of [{}, { typ: "JWT" }, { typ: "application/logout+jwt" }]) {
    const from = at();
    const cookie = await cameFrom(from);
    await logOut(await token({ sub: from.subject }, header as Record<string, string>));
    expect(await isAlive(cookie)).toBe(false);
  }
});

const minutesAgo = (count: number) => Math.floor(Date.now() / 1_000) - count * 60;

test.each<[string, Record<string, unknown>, Record<string, string>?]>([
  ["of another issuer", { iss: "https://elsewhere.example" }],
  ["without an issuer", { iss: undefined }],
  ["for another client", { aud: "another" }],
  ["for nobody", { aud: undefined }],
  ["of another time", { iat: minutesAgo(10), exp: undefined }],
  ["of the future", { iat: minutesAgo(-10), exp: undefined }],
  ["of no time", { iat: undefined }],
  ["that has expired", { exp: minutesAgo(2) }],
  ["without an id of its own", { jti: undefined }],
  ["with an empty id", { jti: "" }],
  ["of no event", { events: undefined }],
  ["of another event", { events: { "http://schemas.openid.net/event/other": {} } }],
  ["of an event that is no object", { events: { [LOGOUT_EVENT]: true } }],
  ["with a nonce, as an id token has", { nonce: "n" }],
  ["with a nonce of nothing", { nonce: null }],
  ["about nobody", { sub: undefined, sid: undefined }],
  ["about what is no text", { sub: 1 }],
  ["of another type", {}, { typ: "at+jwt" }],
  ["of a key that the provider does not have", {}, { typ: "logout+jwt", kid: "another" }],
])("a token %s ends nothing and is on record (F74)", async (_what, claims, header) => {
  const from = at();
  const cookie = await cameFrom(from);
  const refused = () => prisma().auditEvent.count({ where: { reason: "logout-token-invalid" } });
  const before = await refused();
  const wrong = await token({ sub: from.subject, sid: from.sid, ...claims }, header).catch(
    () => "x",
  );
  expect(await logOut(wrong)).toEqual({ outcome: "rejected" });
  expect(await isAlive(cookie)).toBe(true);
  expect(await refused()).toBe(before + 1);
});

test("an id token is no logout token, nor is what others signed or nobody did", async () => {
  const from = at();
  const cookie = await cameFrom(from);
  const claims = { sub: from.subject, jti: newId(), events: { [LOGOUT_EVENT]: {} } };
  const { privateKey } = await generateKeyPair("RS256");
  const build = () =>
    new SignJWT(claims).setIssuer(provider.url).setAudience(CLIENT_ID).setIssuedAt();
  const jwks = await (await fetch(`${provider.url}/jwks`)).text();
  const shared = new TextEncoder().encode(jwks);
  const right = await token(claims);
  const tokens = [
    await anIdToken(provider.url, { sub: from.subject }),
    await build().setProtectedHeader({ alg: "RS256", kid: "test" }).sign(privateKey),
    await build().setProtectedHeader({ alg: "HS256", kid: "test" }).sign(shared),
    new UnsecuredJWT(claims).setIssuer(provider.url).setAudience(CLIENT_ID).setIssuedAt().encode(),
    right.slice(0, right.lastIndexOf(".") + 1),
    right.replace(
      /\.[^.]+\./,
      `.${Buffer.from(JSON.stringify({ ...claims, iss: provider.url })).toString("base64url")}.`,
    ),
    "",
    "a.b.c",
    "x".repeat(10_000),
  ];
  for (const wrong of tokens) expect(await logOut(wrong), wrong).toEqual({ outcome: "rejected" });
  expect(await isAlive(cookie)).toBe(true);
});

test("a provider that does not speak OpenID, is unknown or is down ends nothing", async () => {
  const from = at();
  const cookie = await cameFrom(from);
  const right = await token({ sub: from.subject });
  for (const name of ["github", "unknown", "__proto__", ""]) {
    expect(await logOut(right, name)).toEqual({ outcome: "rejected" });
  }
  useProvider("http://127.0.0.1:9");
  expect(await logOut(right)).toEqual({ outcome: "rejected" });
  useProvider(provider.url);
  expect(await isAlive(cookie)).toBe(true);
  await logOut(right);
  expect(await isAlive(cookie)).toBe(false);
});

test("of 50 parallel uses of one token one counts, and it is worth nothing afterwards", async () => {
  const from = at();
  const cookie = await cameFrom(from);
  const once = await token({ sub: from.subject });
  const results = await race(50, () => logOut(once));
  expect(results.filter(({ outcome }) => outcome === "ended")).toEqual([
    { outcome: "ended", sessions: 1 },
  ]);
  expect(await isAlive(cookie)).toBe(false);
  const again = await cameFrom(from);
  expect(await logOut(once)).toEqual({ outcome: "rejected" });
  expect(await isAlive(again)).toBe(true);
});

test("a sign-in that was on its way when the provider ended its session opens nothing", async () => {
  const from = at();
  const user = await aUser();
  const ticket = await ticketOfIdentity(await aProof(user.id), undefined, tokenOf(from));
  await logOut(await token({ sub: from.subject, sid: from.sid }));
  expect(await redeemSignInTicket(ticket, NEW_BROWSER, aRequest())).toBeNull();
  expect(await prisma().session.count({ where: { userId: user.id } })).toBe(0);
});

test("whichever comes first, the end at the provider or the session here, no session outlives it", async () => {
  for (let round = 0; round < 10; round += 1) {
    const from = at();
    const ticket = await ticketOfIdentity(
      await aProof((await aUser()).id),
      undefined,
      tokenOf(from),
    );
    const ending = await token({ sub: from.subject, sid: from.sid });
    const [redeemed] = await Promise.all([
      redeemSignInTicket(ticket, NEW_BROWSER, aRequest()),
      logOut(ending),
    ]);
    expect(redeemed !== null && (await isAlive(redeemed.sessionSecret))).toBe(false);
  }
});

test("a session that a second factor opened after the provider's word ends with the provider's, too", async () => {
  const from = at();
  const user = await aUser();
  const secret = await aTotp(user.id);
  const enter = async (end: boolean) => {
    const flowSecret = await continueWithIdentity(
      await aProof(user.id),
      undefined,
      "/",
      tokenOf(from),
    );
    const browser = { flowSecret: flowSecret ?? undefined, deviceSecret: undefined };
    if (end) await logOut(await token({ sub: from.subject }));
    const code = { code: totpCode(secret, end ? 1 : 0) };
    const passed = await attemptFactor(browser, "totp", code, { trustDevice: false }, aRequest());
    if (passed.outcome !== "authenticated") throw new Error(passed.outcome);
    return redeemSignInTicket(passed.ticket, NEW_BROWSER, aRequest());
  };
  const entered = await enter(false);
  expect(entered && (await isAlive(entered.sessionSecret))).toBe(true);
  await logOut(await token({ sub: from.subject, sid: from.sid }));
  expect(entered && (await isAlive(entered.sessionSecret))).toBe(false);
  expect(await enter(true)).toBeNull();
});

test("who signed out here is not offered to sign out where the provider already did it", async () => {
  const from = at();
  const secret = await signOut(await callerWith(await cameFrom(from)));
  expect(await findUpstreamSignOut(secret)).not.toBeNull();
  await logOut(await token({ sub: from.subject, sid: from.sid }));
  expect(await findUpstreamSignOut(secret)).toBeNull();
});

function post(body: string, type = "application/x-www-form-urlencoded", name = "google") {
  const request = new Request(`${getConfig().appUrl}/api/auth/backchannel-logout/${name}`, {
    method: "POST",
    body,
    headers: { "content-type": type },
  });
  return POST(request, { params: Promise.resolve({ provider: name }) });
}

test("the provider is answered as it expects, and no answer is kept (§2.8)", async () => {
  const from = at();
  const cookie = await cameFrom(from);
  const right = await token({ sub: from.subject });
  const bodies: [string, string?][] = [
    ["", undefined],
    ["logout_token=", undefined],
    [`logout_token=${right}&logout_token=${right}`, undefined],
    [`logout_token=${right}`, "text/plain"],
    [JSON.stringify({ logout_token: right }), "application/json"],
    [`logout_token=${right}&pad=${"x".repeat(30_000)}`, undefined],
  ];
  for (const [body, type] of bodies) {
    const answer = await post(body, type);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({ error: "invalid_request" });
  }
  expect(await isAlive(cookie)).toBe(true);
  const answer = await post(`logout_token=${right}`);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(await isAlive(cookie)).toBe(false);
});
