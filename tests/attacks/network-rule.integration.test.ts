import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { changeSignInRules, readSignInRules } from "@/lib/organizations/sign-in-rules";
import {
  DEFAULT_SIGN_IN_RULES,
  type SignInRules as Rules,
  SignInRules,
} from "@/lib/organizations/sign-in-rules.schema";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { getConfig } from "@/lib/platform/config";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { listKeptAccounts, resumeSession } from "@/lib/sessions/resume-session";
import { AAL1 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { send } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aRequest, aSession, aUser, callerOf, callerWith } from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";
import { aForeignSession } from "@/tests/support/strangers";
import { aTicket } from "@/tests/support/tickets";

// What an organization says of networks and of the length of sessions holds from the next request
// on, whatever somebody shows who they are (F86).

const machine = serveMachinePaths();
const OFFICE = "198.51.100.7";
const ELSEWHERE = "203.0.113.9";
const AT_OFFICE = { "x-forwarded-for": OFFICE };
const AWAY = { "x-forwarded-for": ELSEWHERE };

let organizationId: string;

beforeAll(async () => {
  organizationId = (await aCaller()).principal.organizationId;
});

beforeEach(async () => {
  await prisma().signInPolicy.deleteMany();
});

const anAdministratorAt = async (ip: string | null): Promise<Caller> => {
  const { principal } = await aCaller({ roles: ["Admin"] });
  return { principal, request: aRequest({ ip }) };
};

const save = async (rules: Partial<Rules>, by?: Caller, networkConfirmed = false) => {
  const author = by ?? (await anAdministratorAt(OFFICE));
  const { version } = await readSignInRules(author);
  return changeSignInRules(
    author,
    { ...DEFAULT_SIGN_IN_RULES, ...rules },
    { expectedVersion: version, confirmed: false, networkConfirmed },
  );
};

const REFUSED = { status: 403, body: { code: "network_not_allowed" } };

describe("each way to show who one is", () => {
  const resource = () => `${getConfig().origin}/api/v1`;
  const scope = "api:read api:write";

  const byCookie = async () => ({ cookie: await aSession((await aUser()).id) });

  const byPersonalToken = async () => {
    const author = await callerOf((await aUser()).id);
    const made = await createToken(author, {
      name: "CI",
      scopes: ["api:read"],
      lifetimeDays: 30,
    });
    if (made.outcome !== "created") throw new Error(made.reason);
    return { authorization: `Bearer ${made.secret}` };
  };

  const byOwnToken = async () => {
    const { email, password } = await aUser();
    const { body } = await send(null, "POST", "/api/v1/auth/login", { email, password }, AWAY);
    return { authorization: `Bearer ${body.access_token}` };
  };

  const byApp = async () => {
    const app = await aClient({
      name: "Shop",
      kind: "web",
      redirectUris: [CALLBACK],
      scopes: ["api:read", "api:write"],
    });
    const pkce = aPkce();
    const end = await new Browser(machine, await aSession((await aUser()).id)).authorize(
      authorizationUrl(app.clientId, pkce, { resource: resource(), scope }),
    );
    const fields = {
      grant_type: "authorization_code",
      redirect_uri: CALLBACK,
      code: end.searchParams.get("code") ?? "",
      code_verifier: pkce.verifier,
      resource: resource(),
    };
    const headers = { authorization: basic(app.clientId, app.secret) };
    const { body } = await post(machine, "/token", fields, headers);
    return { authorization: `Bearer ${String(body["access_token"])}` };
  };

  const byService = async () => {
    const service = await aClient({ name: "Reports", kind: "service", scopes: ["api:read"] });
    const { body } = await post(
      machine,
      "/token",
      { grant_type: "client_credentials", resource: resource(), scope: "api:read" },
      { authorization: basic(service.clientId, service.secret) },
    );
    return { authorization: `Bearer ${String(body["access_token"])}` };
  };

  // A service account is no user and has no record of its own; what it may not see is 403 as well.
  test.each([
    ["a session's cookie", byCookie, "/api/v1/me", 200],
    ["a token of our own", byOwnToken, "/api/v1/me", 200],
    ["an app's token", byApp, "/api/v1/me", 200],
    ["a personal access token", byPersonalToken, "/api/v1/me", 200],
    ["a service account's token", byService, "/api/v1/invoices", 403],
  ] as const)(
    "%s is worth nothing outside, from the next request on",
    async (_, show, path, ok) => {
      const shown: { cookie?: string; authorization?: string } = await show();
      const ask = (from: Record<string, string>) => {
        const authorization = shown.authorization && { authorization: shown.authorization };
        return send(shown.cookie ?? null, "GET", path, undefined, { ...from, ...authorization });
      };
      expect((await ask(AWAY)).status).toBe(ok);
      expect((await save({ networks: ["198.51.100.0/24", "2001:db8::/32"] })).outcome).toBe(
        "changed",
      );
      const refused = await ask(AWAY);
      expect(refused).toMatchObject(REFUSED);
      const event = await prisma().auditEvent.findUniqueOrThrow({
        where: { id: refused.body.decisionId },
      });
      expect(event).toMatchObject({
        action: "authorization.denied",
        outcome: "denied",
        reason: "network: not-allowed",
        targetId: organizationId,
        ip: ELSEWHERE,
      });
      // Inside, what else is asked for decides, as before.
      const inside = await ask(AT_OFFICE);
      expect(inside.status).toBe(ok);
      expect(inside.body.code).not.toBe("network_not_allowed");
      expect((await ask({ "x-forwarded-for": "2001:db8::9" })).status).toBe(ok);
      // An address that is not known is nowhere.
      expect(await ask({})).toMatchObject(REFUSED);
      await save({ networks: [] });
      expect((await ask(AWAY)).status).toBe(ok);
    },
  );
});

test("no refresh from outside by a program of the user's; a client's own server is where it is", async () => {
  const { email, password, id } = await aUser();
  const signedIn = await send(null, "POST", "/api/v1/auth/login", { email, password }, AWAY);
  const cookie = /gatehouse_refresh=[^;]*/.exec(String(signedIn.headers["set-cookie"]))?.[0] ?? "";
  const ours = (from: Record<string, string>) =>
    send(null, "POST", "/api/v1/auth/refresh", {}, { ...from, cookie });
  const clients = {
    native: await aClient({ name: "Phone", kind: "native", redirectUris: [CALLBACK] }),
    web: await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] }),
  };
  const session = await aSession(id);
  const tokens = {
    native: (await codeFlow(machine, () => ({ ...clients.native, secret: "" })).tokens(session))
      .refreshToken,
    web: (await codeFlow(machine, () => clients.web).tokens(session)).refreshToken,
  };
  await save({ networks: ["198.51.100.0/24"] });
  const refused = await ours(AWAY);
  expect(refused).toMatchObject(REFUSED);
  expect(refused.headers["set-cookie"]).toBeUndefined();
  expect((await ours(AT_OFFICE)).status).toBe(200);
  const { native, web } = clients;
  const outside = await codeFlow(machine, () => ({ ...native, secret: "" })).refresh(tokens.native);
  expect(outside.body["error"]).toBe("invalid_grant");
  expect((await codeFlow(machine, () => web).refresh(tokens.web)).status).toBe(200);
  await save({ networks: [] });
  const flow = codeFlow(machine, () => ({ ...native, secret: "" }));
  expect((await flow.refresh(tokens.native)).status).toBe(200);
});

test("members of another organization go on as before", async () => {
  const cookie = await aForeignSession(["User"]);
  await save({ networks: ["198.51.100.0/24"], sessionHoursMax: 1 });
  await prisma().session.updateMany({
    where: { tokenHash: hashSecret(cookie) },
    data: { createdAt: new Date(Date.now() - 2 * 3_600_000) },
  });
  expect((await send(cookie, "GET", "/api/v1/me", undefined, AWAY)).status).toBe(200);
});

test("refusals by network are bounded as others are (ATK-75)", async () => {
  await save({ networks: ["198.51.100.0/24"] });
  const user = await aUser();
  const cookie = await aSession(user.id);
  const ids = new Set<string>();
  for (let index = 0; index < 310; index += 1) {
    const { body } = await send(cookie, "GET", "/api/v1/me", undefined, AWAY);
    ids.add(String(body.decisionId));
  }
  expect(ids.size).toBe(301);
  const where = { actorId: user.id, action: "authorization.denied" };
  expect(await prisma().auditEvent.count({ where })).toBe(301);
});

test("a row that says nonsense lets nobody in (INV-5)", async () => {
  const cookie = await aSession((await aUser()).id);
  const ask = () => send(cookie, "GET", "/api/v1/me", undefined, AT_OFFICE);
  await save({ networks: ["198.51.100.0/24"] });
  expect((await ask()).status).toBe(200);
  for (const garbage of [
    "ARRAY['any']",
    "ARRAY['*', '', '198.51.100.0/99']",
    "ARRAY[NULL]::text[]",
    "ARRAY[['198.51.100.0/24']]",
  ]) {
    await prisma().$executeRawUnsafe(`UPDATE sign_in_policies SET networks = ${garbage}`);
    expect(await ask(), garbage).toMatchObject(REFUSED);
  }
  for (const impossible of ["networks = NULL", "session_hours_max = 0", "session_hours_max = -5"]) {
    await expect(
      prisma().$executeRawUnsafe(`UPDATE sign_in_policies SET ${impossible}`),
    ).rejects.toThrow(/check constraint/);
  }
});

test("an author outside of the ranges confirms it first, also where their address is not known (ATK-44)", async () => {
  const networks = ["198.51.100.0/24"];
  for (const ip of [ELSEWHERE, null]) {
    const author = await anAdministratorAt(ip);
    expect(await save({ networks }, author)).toEqual({
      outcome: "rejected",
      reason: "locks-author-out",
      by: "network",
    });
    expect((await readSignInRules(author)).rules.networks).toEqual([]);
    expect((await save({ networks }, author, true)).outcome).toBe("changed");
    await prisma().signInPolicy.deleteMany();
  }
});

test("ranges are kept in one spelling, each once, at most a hundred, and the wrong one is named", () => {
  const parse = (networks: string[]) =>
    SignInRules.safeParse({ ...DEFAULT_SIGN_IN_RULES, networks });
  expect(parse(["10.1.2.3/8", "10.0.0.0/8", "2001:DB8::/32"]).data?.networks).toEqual([
    "10.0.0.0/8",
    "2001:db8::/32",
  ]);
  const wrong = parse(["10.0.0.0/8", "10.0.0.0/33", "example.com"]);
  expect(wrong.error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [["networks", 1], "“10.0.0.0/33” is no address and no range of addresses."],
    [["networks", 2], "“example.com” is no address and no range of addresses."],
  ]);
  const many = Array.from({ length: 101 }, (_, index) => `10.0.${index}.0/24`);
  expect(parse(many).error?.issues[0]?.message).toBe("Enter at most 100 ranges.");
  expect(parse(many.slice(1)).success).toBe(true);
});

const HOUR_MS = 3_600_000;

describe("a length of sessions", () => {
  const aged = (secret: string, hoursAgo: number) =>
    prisma().session.updateMany({
      where: { tokenHash: hashSecret(secret) },
      data: { createdAt: new Date(Date.now() - hoursAgo * HOUR_MS) },
    });

  test("ends those that there are at the next request, wherever they are taken up", async () => {
    const secret = await aSession((await aUser()).id);
    await aged(secret, 9);
    expect(await findPrincipal(secret)).not.toBeNull();
    await save({ sessionHoursMax: 10 });
    expect(await findPrincipal(secret)).not.toBeNull();
    await save({ sessionHoursMax: 8 });
    expect(await findPrincipal(secret)).toBeNull();
    const [kept] = await listKeptAccounts([{ secret, email: "kept@example.com" }]);
    expect(kept?.live).toBeNull();
    expect(await resumeSession(secret, aRequest())).toBeNull();
    expect((await send(secret, "GET", "/api/v1/me")).status).toBe(401);
  });

  test("counts beside the level, and the shorter one is what counts", async () => {
    const secret = await aSession((await aUser()).id);
    await aged(secret, 13);
    await prisma().session.updateMany({ data: { lastSeenAt: new Date() } });
    await save({ sessionLevel: "aal1", sessionHoursMax: 14 });
    expect(await findPrincipal(secret)).not.toBeNull();
    await save({ sessionLevel: "aal3", sessionHoursMax: 14 });
    expect(await findPrincipal(secret)).toBeNull();
    await save({ sessionLevel: "aal1", sessionHoursMax: 12 });
    expect(await findPrincipal(secret)).toBeNull();
  });

  test("is written into sessions that begin under it, and stays when the rule goes (INV-2)", async () => {
    await save({ sessionHoursMax: 3, sessionLevel: "aal3" });
    const user = await aUser();
    const ticket = await aTicket({ userId: user.id, acr: AAL1, amr: ["pwd"] });
    const browser = { deviceSecret: undefined, sessionSecret: undefined };
    await redeemSignInTicket(ticket, browser, aRequest());
    const [session] = await prisma().session.findMany({ where: { userId: user.id } });
    const { createdAt, absoluteExpiresAt } = session ?? {};
    expect(Number(absoluteExpiresAt) - Number(createdAt)).toBe(3 * HOUR_MS);
  });
});

test("the authorization server takes whoever is outside for nobody, and leads to where it is said", async () => {
  const app = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK], scopes: [] });
  const cookie = await aSession((await aUser()).id);
  await save({ networks: ["198.51.100.0/24"] });
  const url = authorizationUrl(app.clientId, aPkce(), { prompt: "none" });
  const end = await new Browser(machine, cookie).authorize(url);
  expect(end.searchParams.get("error")).toBe("login_required");
  await save({ networks: [] });
  expect((await callerWith(cookie)).principal.networks).toEqual([]);
});
