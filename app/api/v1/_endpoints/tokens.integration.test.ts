import { decodeJwt, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { answerOidcWebRequest } from "@/lib/oidc/web-handler";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import type { Answer } from "@/tests/support/api";
import { send as sendAs } from "@/tests/support/api";
import { aRequest, aSession, aUser, type TestUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { aTotp, totpCode } from "@/tests/support/factors";
import { mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";

const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  sendAs(null, "POST", `/api/v1/auth/${path}`, body ?? {}, headers);
const login = ({ email, password }: TestUser) => call("login", { email, password });

function cookieOf({ headers }: Answer): string {
  const cookie = [headers["set-cookie"] ?? []].flat()[0] ?? "";
  return /gatehouse_refresh=([^;]*)/.exec(cookie)?.[1] ?? "";
}

const withCookie = (value: string) => ({ cookie: `gatehouse_refresh=${value}` });
const refresh = (value: string, headers: Record<string, string> = {}) =>
  call("refresh", {}, { ...withCookie(value), ...headers });
const me = (token: string, headers: Record<string, string> = {}) =>
  sendAs(null, "GET", "/api/v1/me", undefined, { authorization: `Bearer ${token}`, ...headers });

/** As though so many seconds had gone by since every refresh token was used. */
const afterTheWindow = () =>
  pool().query(
    "UPDATE oidc_artifacts SET consumed_at = consumed_at - interval '11 seconds' WHERE consumed_at IS NOT NULL",
  );

const liveSessions = (userId: string) =>
  prisma().session.count({ where: { userId, revokedAt: null } });

describe("signing in (F38)", () => {
  test("gives an access token of RFC 9068 and the refresh token as a cookie that no script reads", async () => {
    const user = await aUser();
    const answer = await login(user);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.any(String) as string,
      token_type: "Bearer",
      expires_in: 600,
      scope: "api:read api:write",
    });
    const claims = decodeJwt(answer.body.access_token as string);
    expect(claims).toMatchObject({
      iss: `${getConfig().origin}/oidc`,
      aud: `${getConfig().origin}/api/v1`,
      sub: user.id,
      client_id: "gatehouse",
      sid: expect.any(String) as string,
    });
    const cookie = String(answer.headers["set-cookie"]);
    for (const attribute of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=1209600"]) {
      expect(cookie).toContain(attribute);
    }
    const whoAmI = await me(answer.body.access_token as string);
    expect(whoAmI.status).toBe(200);
    expect(whoAmI.body).toMatchObject({ id: user.id, session: { id: claims["sid"] } });
  });

  test("an unknown address and a wrong password are one answer (ATK-38)", async () => {
    const user = await aUser();
    const wrong = await login({ ...user, password: "not this one at all" });
    const unknown = await login({ ...user, email: "nobody@example.com" });
    expect([wrong.status, wrong.body.code]).toEqual([401, "invalid_credentials"]);
    expect({ ...unknown.body, requestId: null }).toEqual({ ...wrong.body, requestId: null });
    expect(wrong.headers["www-authenticate"]).toMatch(/^Bearer /);
  });

  test("guesses end at 429 with Retry-After, for the right password as well (ATK-34, F119)", async () => {
    const user = await aUser();
    for (let guess = 0; guess < 3; guess += 1) {
      expect((await login({ ...user, password: "not this one at all" })).status).toBe(401);
    }
    for (const password of ["not this one at all", user.password]) {
      const answer = await login({ ...user, password });
      expect([answer.status, answer.body.code]).toEqual([429, "temporarily_locked"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(answer.body.challenge).toMatchObject({ bits: expect.any(Number) as number });
    }
  });

  test("a second factor is asked for where there is one, and only it lets in", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const first = await login(user);
    expect([first.status, first.body.code]).toEqual([401, "mfa_required"]);
    expect(first.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(first.body.factors).toContain("totp");
    const token = first.body.mfa_token as string;
    const wrong = await call("mfa", { mfa_token: token, factor: "totp", code: "000000" });
    expect([wrong.status, wrong.body.code]).toEqual([401, "invalid_code"]);
    expect(await liveSessions(user.id)).toBe(0);
    const right = await call("mfa", { mfa_token: token, factor: "totp", code: totpCode(secret) });
    expect(right.status).toBe(200);
    const { body } = await me(right.body.access_token as string);
    expect(body.session).toMatchObject({ acr: "urn:gatehouse:aal2" });
    const again = await call("mfa", { mfa_token: token, factor: "totp", code: totpCode(secret) });
    expect([again.status, again.body.code]).toEqual([401, "mfa_expired"]);
  });
});

describe("refreshing (F39, DEC-2, ATK-20)", () => {
  test("twenty refreshes at once leave one family alive and nobody signed out", async () => {
    const user = await aUser();
    const first = cookieOf(await login(user));
    const answers = await race(20, () => refresh(first));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(cookieOf)).size).toBe(1);
    expect(await liveSessions(user.id)).toBe(1);
    const next = await refresh(cookieOf(answers[0] as Answer));
    expect(next.status).toBe(200);
    expect(cookieOf(next)).not.toBe(first);
  });

  test("after the window a used token ends its family and its session, and its user is told", async () => {
    const user = await aUser();
    const signedIn = await login(user);
    const first = cookieOf(signedIn);
    const second = await refresh(first);
    await afterTheWindow();
    const replay = await refresh(first);
    expect([replay.status, replay.body.code]).toEqual([401, "token_reused"]);
    expect(String(replay.headers["set-cookie"])).toContain("Max-Age=0");
    expect(await liveSessions(user.id)).toBe(0);
    const heir = await refresh(cookieOf(second));
    expect([heir.status, heir.body.code]).toEqual([401, "unauthenticated"]);
    for (const token of [signedIn.body.access_token, second.body.access_token] as string[]) {
      expect((await me(token)).status).toBe(401);
    }
    expect((await mailsTo(user.email)).map(({ kind }) => kind)).toContain("token-reused");
    const events = await prisma().auditEvent.findMany({ where: { action: "token.reused" } });
    expect(events.map(({ targetId }) => targetId)).toContain(user.id);
  });

  test.each<[string, string, Record<string, string>]>([
    ["a browser's Accept", "/token", { accept: "text/html" }],
    ["another spelling of the address", "/TOKEN/", {}],
  ])("%s spares nobody the end of the family", async (_, path, headers) => {
    const user = await aUser();
    const first = cookieOf(await login(user));
    expect((await refresh(first)).status).toBe(200);
    await afterTheWindow();
    const form = { grant_type: "refresh_token", client_id: "gatehouse", refresh_token: first };
    const replay = await answerOidcWebRequest(
      new Request(`${getConfig().origin}/oidc${path}`, {
        method: "POST",
        body: new URLSearchParams(form),
        headers,
      }),
      aRequest(),
    );
    expect(replay.status).toBe(400);
    expect(await liveSessions(user.id)).toBe(0);
  });

  test("within the window an older token is no way round its used successor", async () => {
    const first = cookieOf(await login(await aUser()));
    const second = await refresh(first);
    const third = await refresh(cookieOf(second));
    expect([second.status, third.status]).toEqual([200, 200]);
    const late = await refresh(first);
    expect(late.status).toBe(401);
    // The tab that got the successor keeps its cookie.
    expect(late.headers["set-cookie"]).toBeUndefined();
  });

  test.each(["", "x", "a".repeat(43), "jwt:x", "../../x"])(
    "%j refreshes nothing",
    async (value) => {
      const answer = await refresh(value);
      expect([answer.status, answer.body.access_token]).toEqual([401, undefined]);
    },
  );

  test("another site's request is refused, whatever the cookie", async () => {
    const value = cookieOf(await login(await aUser()));
    const answer = await callApi({
      method: "POST",
      path: "/api/v1/auth/refresh",
      headers: withCookie(value),
      origin: "https://evil.example",
    });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("foreign_origin");
    expect((await refresh(value)).status).toBe(200);
  });

  test("a disabled user refreshes nothing and reaches nothing, also when enabled again", async () => {
    const user = await aUser();
    const answer = await login(user);
    for (const status of ["disabled", "active"] as const) {
      await prisma().user.update({ where: { id: user.id }, data: { status } });
      expect((await refresh(cookieOf(answer))).status).toBe(401);
      expect((await me(answer.body.access_token as string)).status).toBe(401);
    }
  });
});

describe("how long it goes on", () => {
  const later = (days: number) =>
    pool().query(
      `UPDATE sessions SET last_seen_at = last_seen_at - make_interval(days => $1),
              idle_expires_at = idle_expires_at - make_interval(days => $1),
              absolute_expires_at = absolute_expires_at - make_interval(days => $1)`,
      [days],
    );

  test("whoever refreshes and calls no API of ours stays signed in, up to the absolute end", async () => {
    let cookie = cookieOf(await login(await aUser()));
    const answers: number[] = [];
    // Thirteen days each: longer than a session of the browser lies unused, shorter than the token is good.
    for (let round = 0; round < 3; round += 1) {
      await later(13);
      const answer = await refresh(cookie);
      answers.push(answer.status);
      cookie = cookieOf(answer);
    }
    expect(answers).toEqual([200, 200, 401]);
  });

  test("a session that lay unused for longer than the refresh token is good has ended", async () => {
    const cookie = cookieOf(await login(await aUser()));
    await later(15);
    expect((await refresh(cookie)).status).toBe(401);
  });

  test("a request in between shortens nothing", async () => {
    const answer = await login(await aUser());
    await pool().query("UPDATE sessions SET last_seen_at = now() - interval '1 hour'");
    expect((await me(answer.body.access_token as string)).status).toBe(200);
    await later(10);
    expect((await refresh(cookieOf(answer))).status).toBe(200);
  });
});

describe("signing out", () => {
  test.each<[string, (user: TestUser) => Promise<Record<string, string>>]>([
    [
      "the access token alone",
      async (user) => ({ authorization: `Bearer ${(await login(user)).body.access_token}` }),
    ],
    [
      "the browser's session cookie alone",
      async ({ id }) => ({ cookie: `gatehouse_session=${await aSession(id)}` }),
    ],
  ])("with %s ends the session that it belongs to", async (_, shown) => {
    const user = await aUser();
    const headers = await shown(user);
    expect(await liveSessions(user.id)).toBe(1);
    const out = await call("logout", {}, headers);
    expect(out.status).toBe(204);
    expect(await liveSessions(user.id)).toBe(0);
    expect((await sendAs(null, "GET", "/api/v1/me", undefined, headers)).status).toBe(401);
    const cleared = [out.headers["set-cookie"] ?? []].flat().join("\n");
    expect(cleared.includes("gatehouse_session=;")).toBe("cookie" in headers);
  });

  test("with what is worth nothing ends nothing", async () => {
    const user = await aUser();
    await login(user);
    for (const authorization of ["Bearer x", "Bearer", "Basic eDp5"]) {
      const out = await call("logout", {}, { authorization, cookie: "gatehouse_session=x" });
      expect([authorization, out.status]).toEqual([authorization, 204]);
    }
    expect(await liveSessions(user.id)).toBe(1);
  });

  test("ends the session, the family and the access tokens at once", async () => {
    const user = await aUser();
    const answer = await login(user);
    const out = await call("logout", {}, withCookie(cookieOf(answer)));
    expect(out.status).toBe(204);
    expect(String(out.headers["set-cookie"])).toContain("Max-Age=0");
    expect(await liveSessions(user.id)).toBe(0);
    expect((await refresh(cookieOf(answer))).status).toBe(401);
    expect((await me(answer.body.access_token as string)).status).toBe(401);
    expect((await call("logout", {}, withCookie(cookieOf(answer)))).status).toBe(204);
  });
});

describe("a bearer token at the API (RFC 6750, RFC 9068 §4)", () => {
  test("what is forged, meant for others or bent is refused by a challenge (ATK-22)", async () => {
    const token = (await login(await aUser())).body.access_token as string;
    const claims = decodeJwt(token);
    const [head = "", body = "", signature = ""] = token.split(".");
    const json = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const header = JSON.parse(Buffer.from(head, "base64url").toString()) as object;
    const ownKey = new TextEncoder().encode("a".repeat(32));
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ ...header, alg: "HS256" })
      .sign(ownKey);
    const forged = [
      `${head}.${body}.`,
      `${head}.${body}`,
      `${json({ ...header, alg: "none" })}.${body}.`,
      `${json({ ...header, alg: "None" })}.${body}.${signature}`,
      `${json({ ...header, typ: "JWT" })}.${body}.${signature}`,
      `${json({ ...header, kid: "another" })}.${body}.${signature}`,
      `${json({ ...header, crit: ["exp"] })}.${body}.${signature}`,
      `${head}.${json({ ...claims, sub: "00000000-0000-0000-0000-000000000000" })}.${signature}`,
      `${head}.${json({ ...claims, exp: 9_999_999_999 })}.${signature}`,
      hmac,
      `${token}x`,
      "null",
    ];
    for (const one of forged) {
      const answer = await me(one);
      expect([one.slice(0, 60), answer.status]).toEqual([one.slice(0, 60), 401]);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer error="invalid_token"/);
    }
    expect((await me(token)).status).toBe(200);
  });

  test("it is no ambient authority: no Origin is asked for, and no cookie helps a bad one", async () => {
    const user = await aUser({ roles: ["Admin"] });
    const answer = await login(user);
    const token = answer.body.access_token as string;
    const created = await sendAs(
      null,
      "POST",
      "/api/v1/invoices",
      { customer: "A", amount: 1, currency: "EUR" },
      {
        authorization: `Bearer ${token}`,
      },
    );
    expect(created.status).toBe(201);
  });
});
