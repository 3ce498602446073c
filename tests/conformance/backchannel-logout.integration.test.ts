import { setTimeout as sleep } from "node:timers/promises";
import { decodeJwt, decodeProtectedHeader } from "jose";
import * as oauth from "oauth4webapi";
import { beforeAll, describe, expect, test } from "vitest";
import { changePassword } from "@/lib/authn/change-password";
import { signOut } from "@/lib/authn/sign-out";
import type { NewClient } from "@/lib/oidc/create-client";
import { deliverDueLogouts, LOGOUT_ATTEMPTS_MAX } from "@/lib/oidc/deliver-due-logouts";
import { issuer } from "@/lib/oidc/issuer";
import { mergeAuthorizations } from "@/lib/oidc/oidc-session-store";
import { publishedKeys } from "@/lib/oidc/provider";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { endSession, revokeOtherSessions, revokeOwnSession } from "@/lib/sessions/revoke-sessions";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest, aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { signInTo } from "@/tests/support/code-flow";
import { aLogoutReceiver } from "@/tests/support/logout-receiver";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const receiver = aLogoutReceiver();
const send = serveMachinePaths();
const BYE = "https://app.example/bye";
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

let told: { clientId: string; secret: string };
let silent: { clientId: string; secret: string };
let user: TestUser;

beforeAll(async () => {
  const common: Omit<NewClient, "name"> = {
    kind: "web",
    firstParty: true,
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [BYE],
  };
  told = await aClient({ name: "Told", ...common, backchannelLogoutUri: receiver.uri() });
  silent = await aClient({ name: "Not told", ...common });
  user = await aUser();
});

async function signedIn(owner = user, client = told) {
  const session = await aSession(owner.id);
  const caller = await callerWith(session);
  const { browser, idToken } = await signInTo(send, session, client);
  return {
    browser,
    caller,
    sessionId: caller.principal.session.id,
    idToken,
  };
}

const queued = (sessionId: string) =>
  prisma().oidcLogoutDelivery.findMany({ where: { sessionId } });
const dueNow = () =>
  prisma().oidcLogoutDelivery.updateMany({
    where: { deliveredAt: null },
    data: { nextAttemptAt: new Date(0) },
  });

describe("a client is told of nothing that it must not know", () => {
  test("a session that has not ended, and a session that never signed in to it", async () => {
    const { sessionId } = await signedIn();
    expect(await queued(sessionId)).toEqual([]);
    const elsewhere = await signedIn(user, silent);
    await signOut(elsewhere.caller);
    expect(await queued(elsewhere.sessionId)).toEqual([]);
    await deliverDueLogouts();
    expect(receiver.received).toEqual([]);
  });

  test("an address that is not of the open internet is registered for nobody", async () => {
    for (const address of [
      "http://app.example/out",
      "https://10.0.0.7/out",
      "https://u:p@app.example/",
    ]) {
      const client: NewClient = { name: "Inside", kind: "web", redirectUris: [CALLBACK] };
      await expect(aClient({ ...client, backchannelLogoutUri: address })).rejects.toThrow(
        /backchannelLogoutUri/,
      );
    }
  });
});

test("oidcc-backchannel-logout-discovery-endpoint-verification", async () => {
  const response = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
  expect(await response.json()).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

test("oidcc-backchannel-rp-initiated-logout", async () => {
  const { browser, idToken } = await signedIn();
  const url = new URL(`${issuer()}/session/end`);
  url.searchParams.set("id_token_hint", idToken);
  url.searchParams.set("post_logout_redirect_uri", BYE);
  url.searchParams.set("state", "s");
  expect((await browser.get(url.href)).headers.get("location")).toBe(`${BYE}?state=s`);
  expect(await deliverDueLogouts()).toBe(1);

  const [message] = receiver.received;
  expect(message).toMatchObject({
    method: "POST",
    path: "/backchannel",
    type: expect.stringContaining("application/x-www-form-urlencoded") as string,
  });
  expect([...(message?.form.keys() ?? [])]).toEqual(["logout_token"]);
  const token = message?.form.get("logout_token") ?? "";
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: "logout+jwt", alg: "ES256" });
  const claims = decodeJwt(token);
  expect(claims).toMatchObject({
    iss: issuer(),
    sub: user.id,
    aud: told.clientId,
    sid: decodeJwt(idToken)["sid"],
    events: { [EVENT]: {} },
  });
  expect(claims["sid"]).toEqual(expect.any(String));
  expect(Object.keys(claims["events"] as object)).toEqual([EVENT]);
  expect(claims.jti).toMatch(/^.{16,}$/);
  expect(claims).not.toHaveProperty("nonce");
  const now = Math.floor(Date.now() / 1000);
  expect(Math.abs(now - (claims.iat ?? 0))).toBeLessThan(30);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(120);
  // By other hands, as a client does it: the signature counts, and it is no ID token and no access token.
  const keys = await publishedKeys();
  const server = { issuer: issuer(), jwks_uri: `${issuer()}/jwks` };
  const options = {
    [oauth.jwksCache]: { jwks: { keys }, uat: now },
    [oauth.allowInsecureRequests]: true,
  } as const;
  const resource = new Request(`${getConfig().origin}/api/v1/me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await expect(
    oauth.validateJwtAccessToken(server, resource, told.clientId, options),
  ).rejects.toThrow(/typ/);

  const again = await browser.authorize(
    authorizationUrl(told.clientId, aPkce(), { prompt: "none" }),
  );
  expect(again.searchParams.get("error")).toBe("login_required");
});

describe("whatever ends a session tells its clients, once", () => {
  test("signing out, and only the clients of that session", async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    await signOut(first.caller);
    expect(await queued(first.sessionId)).toHaveLength(1);
    expect(await queued(second.sessionId)).toEqual([]);
  });

  test("being ended by its user, here and everywhere else", async () => {
    const [here, there, third] = [await signedIn(), await signedIn(), await signedIn()];
    await revokeOwnSession(here.caller, there.sessionId);
    expect(await queued(there.sessionId)).toHaveLength(1);
    await revokeOtherSessions(here.caller);
    expect(await queued(third.sessionId)).toHaveLength(1);
    expect(await queued(there.sessionId)).toHaveLength(1);
    expect(await queued(here.sessionId)).toEqual([]);
  });

  test("a change of the password ends the others", async () => {
    const owner = await aUser();
    const [here, there] = [await signedIn(owner), await signedIn(owner)];
    const password = "another correct horse battery";
    const result = await changePassword(here.caller, owner.password, password);
    expect(result.outcome).toBe("changed");
    expect(await queued(there.sessionId)).toHaveLength(1);
  });

  test("a statement that knows nothing of clients, and the deletion of the user", async () => {
    const owner = await aUser();
    const [one, two] = [await signedIn(owner), await signedIn(owner)];
    await prisma().session.updateMany({
      where: { id: one.sessionId },
      data: { revokedAt: new Date() },
    });
    expect(await queued(one.sessionId)).toHaveLength(1);
    await prisma().user.delete({ where: { id: owner.id } });
    expect(await queued(two.sessionId)).toHaveLength(1);
    expect(await queued(one.sessionId)).toHaveLength(1);
  });

  test("fifty that end one session at once", async () => {
    const { caller, sessionId } = await signedIn();
    const { userId } = caller.principal;
    await race(50, () => endSession(userId, sessionId, aRequest()));
    expect(await queued(sessionId)).toHaveLength(1);
    await dueNow();
    receiver.received.length = 0;
    await race(5, () => deliverDueLogouts());
    const tokens = receiver.received.map(({ form }) => decodeJwt(form.get("logout_token") ?? ""));
    const jtis = tokens.map(({ jti }) => jti);
    expect(new Set(jtis).size).toBe(jtis.length);
    expect(await queued(sessionId)).toMatchObject([{ attempts: 1, lastError: null }]);
  });

  test("a sign-in to a client while its session ends is refused, or its client is told", async () => {
    const untold: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const session = await aSession(user.id);
      const { id } = (await callerWith(session)).principal.session;
      const [answer] = await Promise.all([
        new Browser(send, session).get(authorizationUrl(told.clientId, aPkce())),
        sleep(round / 2).then(() => endSession(user.id, id, aRequest())),
      ]);
      const code = URL.parse(answer.headers.get("location") ?? "")?.searchParams.get("code");
      const rows = await queued(id);
      if (typeof code === "string" && rows.length !== 1) untold.push(id);
    }
    // A client that was not told holds no code.
    expect(untold).toEqual([]);
  });

  test("to a session that has ended nothing is added", async () => {
    const { caller, sessionId } = await signedIn();
    await signOut(caller);
    expect(await mergeAuthorizations(sessionId, { later: { sid: "s" } })).toBe(false);
  });
});

describe("a client that cannot be reached is tried again, and somebody can see it", () => {
  test("what it answered is kept, and the next try is later each time", async () => {
    await prisma().oidcLogoutDelivery.deleteMany();
    receiver.status = 500;
    const { caller, sessionId } = await signedIn();
    await signOut(caller);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= LOGOUT_ATTEMPTS_MAX; attempt += 1) {
      expect(await deliverDueLogouts()).toBe(0);
      const [row] = await queued(sessionId);
      expect(row).toMatchObject({ attempts: attempt, deliveredAt: null });
      expect(row?.lastError).toContain("answered 500");
      waits.push((row?.nextAttemptAt.getTime() ?? 0) - Date.now());
      // Not before its time.
      expect(await deliverDueLogouts()).toBe(0);
      expect((await queued(sessionId))[0]?.attempts).toBe(attempt);
      await dueNow();
    }
    const seconds = waits.map((wait) => Math.round(wait / 1000));
    expect(seconds.slice(0, 4)).toEqual([10, 30, 90, 270]);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    // Given up, and kept for whoever looks.
    receiver.status = 200;
    await dueNow();
    expect(await deliverDueLogouts()).toBe(0);
    expect(receiver.received).toHaveLength(LOGOUT_ATTEMPTS_MAX);
  });

  test("a redirect is no receipt, and is not followed", async () => {
    await prisma().oidcLogoutDelivery.deleteMany();
    receiver.status = 302;
    const { caller, sessionId } = await signedIn();
    await signOut(caller);
    expect(await deliverDueLogouts()).toBe(0);
    expect((await queued(sessionId))[0]?.lastError).toContain("answered 302");
    expect(receiver.received).toHaveLength(1);
  });

  test("one that nobody listens at holds up no other", async () => {
    await prisma().oidcLogoutDelivery.deleteMany();
    const dead = await aClient({
      name: "Dead",
      kind: "web",
      firstParty: true,
      redirectUris: [CALLBACK],
      backchannelLogoutUri: "https://dead.invalid/out",
    });
    const { browser, caller, sessionId } = await signedIn();
    await browser.authorize(authorizationUrl(dead.clientId, aPkce()));
    await signOut(caller);
    expect(await deliverDueLogouts()).toBe(1);
    const rows = await queued(sessionId);
    expect(rows.find(({ clientId }) => clientId === dead.clientId)?.lastError).toMatch(/\w/);
    expect(rows.find(({ clientId }) => clientId === told.clientId)?.deliveredAt).not.toBeNull();
  });
});
