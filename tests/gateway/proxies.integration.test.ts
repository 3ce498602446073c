import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { AAL2 } from "@/lib/shared/assurance";
import { serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { HOST, rawGet, TOKEN, verifyAssertion } from "@/tests/support/gateway";
import {
  anEcho,
  isInstalled,
  PROXIES,
  type RunningProxy,
  type Seen,
  startProxy,
} from "@/tests/support/proxies";

// The files of deploy/, as they are, by which nginx, Caddy and HAProxy stand in front of a service.

const send = serveMachinePaths();
const BROWSER = { accept: "text/html", "sec-fetch-mode": "navigate" };

let echo: Awaited<ReturnType<typeof anEcho>>;
let userId: string;
let session: string;
let strong: string;
let stranger: string;

beforeAll(async () => {
  echo = await anEcho();
  ({ id: userId } = await aUser({ roles: ["Manager"] }));
  session = await aSession(userId);
  strong = await aSession(userId);
  await prisma().session.update({
    where: { id: (await callerWith(strong)).principal.session.id },
    data: { acr: AAL2, amr: ["pwd", "otp"] },
  });
  stranger = await aSession((await aUser({ roles: [] })).id);
});
afterAll(() => echo.stop());

const cookieOf = (secret: string) => ({ cookie: `${sessionCookieName()}=${secret}` });

describe.each(PROXIES)("%s", (name) => {
  let proxy: RunningProxy;
  let stop = async (): Promise<void> => {};
  const installed = isInstalled(name);

  beforeAll(async () => {
    if (!installed) return;
    proxy = await startProxy(name, {
      gatehousePort: send.port(),
      servicePort: echo.port,
      token: TOKEN,
    });
    stop = proxy.stop;
  });
  afterAll(() => stop());

  const ask = (target: string, headers: Record<string, string | string[]> = {}, method = "GET") =>
    rawGet(proxy.port, target, { host: HOST, ...headers }, method);
  const seenBy = async (answer: Response): Promise<Seen> => {
    expect(answer.status).toBe(200);
    return (await answer.json()) as Seen;
  };
  const needs = `needs ${name}`;

  test("lets through who may, and tells the service who it is (F125, F127)", async ({ skip }) => {
    skip(!installed, needs);
    const target = "/billing/2026/caf%C3%A9?year=1&q=%2F..%2F";
    const cookie = `a=1; ${cookieOf(session).cookie}; b=2`;
    const seen = await seenBy(await ask(target, { cookie }));
    expect([seen.method, seen.url]).toEqual(["GET", target]);
    const claims = await verifyAssertion(send, String(seen.headers["gatehouse-assertion"]));
    expect(claims).toMatchObject({
      sub: userId,
      permission: "view_invoice",
      htu: `http://${HOST}/billing/2026/caf%C3%A9`,
    });
    expect(seen.headers.cookie).toBe("a=1; b=2");
    expect(seen.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(seen.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(seen.headers)).not.toContain("gatehouse-gateway-token");
    expect(JSON.stringify(seen)).not.toContain(session);
  });

  test("passes no identity on that a client made up (F127)", async ({ skip }) => {
    skip(!installed, needs);
    const claimed = "root-of-all";
    const headers = Object.fromEntries(
      [
        "Gatehouse-Assertion",
        "X-Auth-User",
        "X-Auth-Request-Email",
        "x-forwarded-user",
        "Remote-User",
        "X-Remote-User",
        "X-Authenticated-User",
        "X-Forwarded-Groups",
        "X-User-Id",
        "X-Roles",
        "X-Forwarded-Uri",
        "X-Forwarded-Method",
        "X-Request-Id",
        "Forwarded",
      ].map((header) => [header, claimed]),
    );
    for (const cookie of [cookieOf(session), {}]) {
      const before = echo.count();
      const target = "cookie" in cookie ? "/billing/x" : "/billing/open/x";
      const answer = await ask(target, { ...headers, ...cookie });
      expect(await answer.clone().text()).not.toContain(claimed);
      expect(answer.status).toBe(200);
      expect(echo.count()).toBe(before + 1);
      const seen = await seenBy(answer);
      if (!("cookie" in cookie)) expect(seen.headers["gatehouse-assertion"] ?? "").toBe("");
    }
  });

  test("passes no claim on that only another server would read as one", async ({ skip }) => {
    skip(!installed, needs);
    const before = echo.count();
    for (const header of ["X_Auth_User", "Gatehouse_Assertion", "X-Auth-Anything"]) {
      const answer = await ask("/billing/open/x", { [header]: "root-of-all" });
      expect(await answer.text()).not.toContain("root-of-all");
    }
    // nginx drops names with underscores and lets the request through; the others are refused it.
    expect(echo.count() - before).toBeLessThanOrEqual(3);
  });

  test("believes no client about what was asked for", async ({ skip }) => {
    skip(!installed, needs);
    const claims = {
      "x-forwarded-uri": "/billing/open/x",
      "x-forwarded-method": "GET",
      "x-original-uri": "/billing/open/x",
      "x-forwarded-host": "reports.example",
    };
    expect((await ask("/billing/x", claims)).status).toBe(401);
    const direct = await ask("/api/gateway/authorize", { ...claims, ...cookieOf(session) });
    expect(direct.status).toBe(404);
    expect(direct.headers.get("gatehouse-assertion")).toBeNull();
  });

  test("answers 401 to nobody and 403 to whoever may not, with the decision (F125)", async ({
    skip,
  }) => {
    skip(!installed, needs);
    const before = echo.count();
    const nobody = await ask("/billing/x", { accept: "application/json" });
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect((await ask("/billing/x", { authorization: "Bearer x" })).status).toBe(401);
    const refused = await ask("/billing/x", cookieOf(stranger));
    expect(refused.status).toBe(403);
    const decisionId = refused.headers.get("gatehouse-decision-id") ?? "";
    expect(await prisma().decisionTrace.count({ where: { id: decisionId } })).toBe(1);
    expect(await refused.text()).toContain(decisionId);
    expect(echo.count()).toBe(before);
  });

  test("leads browsers to sign in and to prove more, and back (F126)", async ({ skip }) => {
    skip(!installed, needs);
    const led = await ask("/billing/caf%C3%A9?a=1&b=%2F", BROWSER);
    const to = new URL(led.headers.get("location") ?? "");
    expect([led.status, to.origin, to.pathname]).toEqual([302, getConfig().origin, "/sign-in"]);
    const back = await ask(to.searchParams.get("returnTo") ?? "");
    expect([back.status, back.headers.get("location")]).toEqual([
      303,
      `${getConfig().origin}/billing/caf%C3%A9?a=1&b=%2F`,
    ]);
    const weak = await ask("/billing/admin/x", { ...BROWSER, ...cookieOf(session) });
    expect([weak.status, new URL(weak.headers.get("location") ?? "").pathname]).toEqual([
      302,
      "/challenge",
    ]);
    await seenBy(await ask("/billing/admin/x", { ...BROWSER, ...cookieOf(strong) }));
  });

  test("lets nothing through that can be read in two ways (F125)", async ({ skip }) => {
    skip(!installed, needs);
    const before = echo.count();
    for (const target of [
      "/billing/open/../x",
      "/billing/open/%2e%2e/x",
      "/billing//x",
      "/billing/open%2f..%2fx",
      "/billing/open;/../x",
      "/billing/%6fpen/x",
      "/billing/OPEN/x",
      "/billing/open/x?_method=DELETE",
    ]) {
      const answer = await ask(target, cookieOf(session));
      expect([target, answer.status]).toEqual([
        target,
        expect.toSatisfy((it: number) => it >= 400),
      ]);
    }
    const override = { ...cookieOf(session), "x-http-method-override": "DELETE" };
    expect((await ask("/billing/open/x", override)).status).toBe(403);
    expect(echo.count()).toBe(before);
  });

  test("asks for the origin of what changes something, and for the method's rule", async ({
    skip,
  }) => {
    skip(!installed, needs);
    const before = echo.count();
    const post = (origin: string) => ask("/billing/x", { ...cookieOf(session), origin }, "POST");
    expect((await post("https://evil.example")).status).toBe(403);
    expect(echo.count()).toBe(before);
    const seen = await seenBy(await post(`http://${HOST}`));
    expect(seen.method).toBe("POST");
    const admin = await ask(
      "/billing/admin/x",
      { ...cookieOf(strong), origin: `http://${HOST}` },
      "PUT",
    );
    expect(admin.status).toBe(403);
  });

  test("lets nobody in from the request after the end of the session (D5)", async ({ skip }) => {
    skip(!installed, needs);
    const { id } = await aUser({ roles: ["Manager"] });
    const cookie = await aSession(id);
    await seenBy(await ask("/billing/x", cookieOf(cookie)));
    await signOut(await callerWith(cookie));
    expect((await ask("/billing/x", cookieOf(cookie))).status).toBe(401);
  });

  test("a budget that is used up is 429", async ({ skip }) => {
    skip(!installed, needs);
    const { id } = await aUser();
    const cookie = cookieOf(await aSession(id));
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await ask("/billing/few/x", cookie)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  test("is refused everything with a token that is not ours, and lets nothing through", async ({
    skip,
  }) => {
    skip(!installed, needs);
    const before = echo.count();
    const other = await startProxy(name, {
      gatehousePort: send.port(),
      servicePort: echo.port,
      token: `another-token-${randomUUID()}`,
    });
    try {
      const headers = { host: HOST, ...cookieOf(session) };
      expect((await rawGet(other.port, "/billing/open/x", headers)).status).toBe(403);
    } finally {
      await other.stop();
    }
    expect(echo.count()).toBe(before);
  });

  test("lets nothing through while Gatehouse does not answer", async ({ skip }) => {
    skip(!installed, needs);
    const before = echo.count();
    const [closed] = [await anEcho()];
    closed.stop();
    const other = await startProxy(name, {
      gatehousePort: closed.port,
      servicePort: echo.port,
      token: TOKEN,
    });
    try {
      const headers = { host: HOST, ...cookieOf(session) };
      const { status } = await rawGet(other.port, "/billing/open/x", headers);
      expect(status).toBeGreaterThanOrEqual(500);
    } finally {
      await other.stop();
    }
    expect(echo.count()).toBe(before);
  });
});
