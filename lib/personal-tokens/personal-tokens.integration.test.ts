import { beforeAll, describe, expect, test } from "vitest";
import { changePassword } from "@/lib/authn/change-password";
import { resetFactors } from "@/lib/authn/reset-factors";
import { createToken, listOwnTokens, TOKENS_MAX } from "@/lib/personal-tokens/own-tokens";
import { purgePersonalTokens } from "@/lib/personal-tokens/purge-tokens";
import { newPersonalToken } from "@/lib/personal-tokens/token-format";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { TokenInsufficient } from "@/lib/shared/assurance";
import { type Answer, send } from "@/tests/support/api";
import { aCaller, aSession, aUser, callerOf, type TestUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";
import { aRole, aUserHolding, eventsOf, give } from "@/tests/support/roles";
import { aForeignSession } from "@/tests/support/strangers";

const READ = ["api:read"] as const;
const BOTH = ["api:read", "api:write"] as const;

beforeAll(async () => {
  // Never the last one.
  await aUser({ roles: ["Admin"] });
});

/** Asks with a token and nothing else, as a program does. */
const ask = (token: string, method = "GET", path = "/api/v1/me", body?: unknown): Promise<Answer> =>
  send(null, method, path, body, { authorization: `Bearer ${token}` });

async function aToken(userId: string, scopes: readonly string[] = BOTH): Promise<string> {
  const made = await createToken(await callerOf(userId), { name: "CI", scopes, lifetimeDays: 30 });
  if (made.outcome !== "created") throw new Error(made.reason);
  return made.secret;
}

const invalid = {
  status: 401,
  headers: {
    "www-authenticate": expect.stringMatching(/^Bearer error="invalid_token"/) as string,
  },
  body: { code: "invalid_token" },
};

describe("a personal access token (F41)", () => {
  test("acts as its owner with what they hold at that moment, in no session", async () => {
    const user = await aUserHolding({ view_users: "all" });
    const token = await aToken(user.id);
    const me = await ask(token);
    expect(me).toMatchObject({
      status: 200,
      body: { id: user.id, email: user.email, permissions: ["view_users"], session: null },
    });
    await prisma().userRole.deleteMany({ where: { userId: user.id } });
    expect((await ask(token)).body.permissions).toEqual([]);
    expect((await ask(token, "GET", "/api/v1/users")).status).toBe(403);
  });

  test("is made by the API once and shown once, on record and told to its owner", async () => {
    const user = await aUser();
    const session = await aSession(user.id);
    const body = { name: " Deploy ", scopes: ["api:read", "api:read"], expiresInDays: 7 };
    const made = await send(session, "POST", "/api/v1/tokens", body);
    expect(made.status).toBe(201);
    expect(made.headers["cache-control"]).toContain("no-store");
    const { token, ...resource } = made.body;
    expect(resource).toMatchObject({ name: "Deploy", scopes: ["api:read"], lastUsedAt: null });
    const days = (Date.parse(resource.expiresAt) - Date.parse(resource.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
    expect((await ask(token)).status).toBe(200);

    const listed = await send(session, "GET", "/api/v1/tokens");
    expect(listed.body.items).toHaveLength(1);
    expect(listed.body.items[0]).toMatchObject({ id: resource.id });
    expect(JSON.stringify(listed.body)).not.toContain(token);
    const [mail] = await mailsTo(user.email);
    expect(mail).toMatchObject({ kind: "personal-token-created" });
    expect(`${mail?.text}${mail?.html}`).not.toContain(token);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "personal_token.created", targetId: resource.id },
    });
    expect(event).toMatchObject({ actorType: "user", actorId: user.id });
    expect(JSON.stringify(event)).not.toContain(token);
  });

  test.each([
    [{ name: "", scopes: ["api:read"] }, "name"],
    [{ name: "a\u202eb", scopes: ["api:read"] }, "name"],
    [{ name: "x", scopes: [] }, "scopes"],
    [{ name: "x", scopes: ["openid"] }, "scopes.0"],
    [{ name: "x", scopes: ["api:read"], expiresInDays: 0 }, "expiresInDays"],
    [{ name: "x", scopes: ["api:read"], expiresInDays: 366 }, "expiresInDays"],
    [{ name: "x", scopes: ["api:read"], expiresInDays: null }, "expiresInDays"],
    [{ name: "x", scopes: ["api:read"], expiresInDays: 1.5 }, "expiresInDays"],
  ])("is not made of %j", async (body, path) => {
    const answer = await send(await aSession((await aUser()).id), "POST", "/api/v1/tokens", body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test("reaches as far as its scopes and is told what it lacks", async () => {
    const user = await aUserHolding({ view_invoice: "all", create_invoice: "all" });
    const invoice = { customer: "Ada", amount: 100, currency: "EUR" };
    const reading = await aToken(user.id, READ);
    expect((await ask(reading, "GET", "/api/v1/invoices")).status).toBe(200);
    expect(await ask(reading, "POST", "/api/v1/invoices", invoice)).toMatchObject({
      status: 403,
      headers: {
        "www-authenticate": expect.stringMatching(
          /^Bearer error="insufficient_scope", scope="api:write"/,
        ) as string,
      },
      body: { code: "insufficient_scope", detail: "This needs the scope api:write." },
    });
    const writing = await aToken(user.id, ["api:write"]);
    const made = await ask(writing, "POST", "/api/v1/invoices", invoice);
    expect(made.status).toBe(201);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "invoice.created", targetId: made.body.id },
    });
    const row = await prisma().personalToken.findFirstOrThrow({
      where: { userId: user.id, scopes: { equals: ["api:write"] } },
    });
    expect(event).toMatchObject({ actorId: user.id, sessionId: row.id });
    expect((await ask(writing, "GET", "/api/v1/invoices")).status).toBe(403);
  });

  test("is shown as last used, to the minute", async () => {
    const { id } = await aUser();
    const token = await aToken(id);
    const lastUsed = async () =>
      (await prisma().personalToken.findFirstOrThrow({ where: { userId: id } })).lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await ask(token);
    const first = await lastUsed();
    expect(first).not.toBeNull();
    await ask(token);
    expect(await lastUsed()).toEqual(first);
    await prisma().$executeRaw`
      UPDATE personal_tokens SET last_used_at = now() - interval '61 seconds' WHERE user_id = ${id}::uuid`;
    await ask(token);
    expect((await lastUsed())?.getTime()).toBeGreaterThan((first?.getTime() ?? 0) - 1);
  });

  test("is not made without end, nor beyond so many, also by many at once", async () => {
    const caller = await aCaller();
    const terms = { name: "CI", scopes: READ, lifetimeDays: 1 };
    const few = 3;
    for (let count = few; count < TOKENS_MAX; count += 1) await createToken(caller, terms);
    const made = await race(10, () => createToken(caller, terms));
    expect(made.filter(({ outcome }) => outcome === "created")).toHaveLength(few);
    await expect(
      prisma().$executeRaw`UPDATE personal_tokens SET expires_at = created_at`,
    ).rejects.toThrow("personal_tokens_expire");
  });
});

describe("what makes a token worthless", () => {
  let owner: TestUser;
  let token: string;
  beforeAll(async () => {
    owner = await aUser();
    token = await aToken(owner.id);
  });

  test.each([
    ["cut off", () => token.slice(0, -1)],
    ["in another case", () => token.toUpperCase()],
    ["in lower case", () => token.toLowerCase()],
    ["with a prefix in another case", () => token.replace("gatehouse_pat", "Gatehouse_Pat")],
    ["with a wrong checksum", () => token.slice(0, -1) + (token.endsWith("x") ? "y" : "x")],
    ["of right shape that nobody made", () => newPersonalToken()],
    ["without its prefix", () => token.slice("gatehouse_pat_".length)],
    ["as its hash", () => Buffer.from(hashSecret(token)).toString("hex")],
  ])("a token %s is refused", async (_, wrong) => {
    expect(await ask(wrong())).toMatchObject(invalid);
  });

  test.each([["Basic"], ["DPoP"], ["Token"]])("as %s it is refused", async (scheme) => {
    const answer = await send(null, "GET", "/api/v1/me", undefined, {
      authorization: `${scheme} ${token}`,
    });
    expect(answer.status).toBe(401);
  });

  test("in the address it is nothing (RFC 9700 §4.3.2)", async () => {
    for (const name of ["access_token", "token"]) {
      const path = `/api/v1/invoices?${name}=${token}`;
      expect((await send(null, "GET", path)).status).toBe(401);
    }
  });

  test("it is not looked up when its checksum is wrong", async () => {
    const { pool } = await import("@/lib/platform/db/pool");
    const asked: string[] = [];
    const { query } = pool();
    pool().query = ((...given: unknown[]) => {
      asked.push(JSON.stringify(given[0]));
      return (query as (...all: unknown[]) => unknown).apply(pool(), given);
    }) as typeof query;
    try {
      await ask(`${token.slice(0, -2)}00`);
      expect(asked).toEqual([]);
      await ask(token);
      expect(asked.some((text) => text.includes("personal_tokens"))).toBe(true);
    } finally {
      pool().query = query;
    }
  });

  test("a cookie beside it does not stand in for it", async () => {
    const session = await aSession(owner.id);
    const authorization = `Bearer ${newPersonalToken()}`;
    expect(await send(session, "GET", "/api/v1/me", undefined, { authorization })).toMatchObject(
      invalid,
    );
  });

  test("it is dead when it has expired, by the database's clock", async () => {
    const user = await aUser();
    const late = await aToken(user.id);
    await prisma().$executeRaw`
      UPDATE personal_tokens SET created_at = now() - interval '2 days',
             expires_at = date_trunc('milliseconds', now())
       WHERE user_id = ${user.id}::uuid`;
    expect(await ask(late)).toMatchObject(invalid);
    expect(await purgePersonalTokens()).toBe(0);
    await prisma().$executeRaw`
      UPDATE personal_tokens SET created_at = now() - interval '99 days',
             expires_at = now() - interval '31 days' WHERE user_id = ${user.id}::uuid`;
    expect(await purgePersonalTokens()).toBe(1);
  });

  test("it is dead when its owner is disabled, and stays so when they are enabled", async () => {
    const user = await aUser();
    const dead = await aToken(user.id);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect(await ask(dead)).toMatchObject(invalid);
    await prisma().user.update({ where: { id: user.id }, data: { status: "active" } });
    expect(await ask(dead)).toMatchObject(invalid);
  });

  test("it is dead when its owner is deleted, or no member any more", async () => {
    const [deleted, gone] = [await aUser(), await aUser()];
    const [one, other] = [await aToken(deleted.id), await aToken(gone.id)];
    await prisma().user.delete({ where: { id: deleted.id } });
    await prisma().membership.deleteMany({ where: { userId: gone.id } });
    for (const dead of [one, other]) expect(await ask(dead)).toMatchObject(invalid);
  });

  test("it is dead after a new password and a reset of factors, on record", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const user = await aUser({ roles: [] });
    const first = await aToken(user.id);
    const caller = await callerOf(user.id);
    expect(
      (await changePassword(caller, user.password, "violet teapot under gravel")).outcome,
    ).toBe("changed");
    expect(await ask(first)).toMatchObject(invalid);
    const second = await aToken(user.id);
    expect((await resetFactors(admin, user.id, "lost")).outcome).toBe("reset");
    expect(await ask(second)).toMatchObject(invalid);
    const events = [...(await eventsOf(caller)), ...(await eventsOf(admin))];
    expect(
      events
        .filter(({ action }) => action === "personal_token.revoked")
        .map(({ reason }) => reason),
    ).toEqual(["password_changed", "factors_reset"]);
  });
});

describe("what no token does", () => {
  test("a token makes no token, and does nothing that needs a fresh proof", async () => {
    const user = await aUser({ roles: ["Admin"] });
    const token = await aToken(user.id);
    const other = await aUser({ roles: [] });
    const calls: [string, string, unknown][] = [
      ["POST", "/api/v1/tokens", { name: "Next", scopes: ["api:read"] }],
      ["PUT", `/api/v1/users/${other.id}/roles`, { roleIds: [] }],
      ["POST", "/api/v1/roles", { name: `Role ${newId()}` }],
      ["DELETE", `/api/v1/users/${other.id}`, undefined],
    ];
    for (const [method, path, body] of calls) {
      expect(await ask(token, method, path, body), path).toMatchObject({
        status: 403,
        body: { code: "person_required" },
      });
    }
    expect(await prisma().user.count({ where: { id: other.id } })).toBe(1);
    expect((await ask(token, "GET", "/api/v1/users")).status).toBe(200);
  });

  test("an app that acts for somebody makes no token", async () => {
    const caller = await aCaller();
    const app = { ...caller, principal: { ...caller.principal, means: "app" as const } };
    await expect(
      createToken(app, { name: "CI", scopes: READ, lifetimeDays: 1 }),
    ).rejects.toBeInstanceOf(TokenInsufficient);
  });

  test("a stale session makes no token", async () => {
    const { id } = await aUser();
    const session = await aSession(id);
    await prisma().$executeRaw`
      UPDATE sessions SET auth_time = now() - interval '11 minutes' WHERE user_id = ${id}::uuid`;
    const body = { name: "CI", scopes: ["api:read"] };
    expect(await send(session, "POST", "/api/v1/tokens", body)).toMatchObject({
      status: 401,
      body: { code: "insufficient_user_authentication" },
    });
  });

  test("where a second factor is asked for, one that was made without opens nothing (F20, ATK-46)", async () => {
    const user = await aUser({ roles: [] });
    const weak = await aToken(user.id);
    const roleId = await aRole({});
    await prisma().role.update({ where: { id: roleId }, data: { mfaRequired: true } });
    await give(user.id, roleId);
    expect(await ask(weak)).toMatchObject({
      status: 403,
      body: { code: "second_factor_required" },
    });
    await prisma().personalToken.updateMany({
      where: { userId: user.id },
      data: { acr: "urn:gatehouse:aal2", amr: ["pwd", "otp", "mfa"] },
    });
    expect((await ask(weak)).status).toBe(200);
  });
});

describe("revoking", () => {
  test("an owner revokes their own, and nobody else's", async () => {
    const [owner, stranger] = [await aUser(), await aUser()];
    const token = await aToken(owner.id);
    const row = await prisma().personalToken.findFirstOrThrow({ where: { userId: owner.id } });
    const path = `/api/v1/tokens/${row.id}`;
    expect((await send(await aSession(stranger.id), "DELETE", path)).status).toBe(404);
    expect((await send(await aSession(stranger.id), "DELETE", "/api/v1/tokens/x")).status).toBe(
      404,
    );
    expect((await ask(await aToken(stranger.id), "DELETE", path)).status).toBe(404);
    expect((await ask(token)).status).toBe(200);
    expect((await send(await aSession(owner.id), "DELETE", path)).status).toBe(204);
    expect(await ask(token)).toMatchObject(invalid);
    expect((await send(await aSession(owner.id), "DELETE", path)).status).toBe(404);
  });

  test("of many who revoke one, one does, and there is one event", async () => {
    const owner = await aUser();
    await aToken(owner.id);
    const { id } = await prisma().personalToken.findFirstOrThrow({ where: { userId: owner.id } });
    const session = await aSession(owner.id);
    const answers = await race(10, () => send(session, "DELETE", `/api/v1/tokens/${id}`));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(
      await prisma().auditEvent.count({
        where: { action: "personal_token.revoked", targetId: id },
      }),
    ).toBe(1);
  });

  test("an administrator sees and revokes those of whoever is not above them (ATK-42, ATK-43)", async () => {
    const above = await aUser({ roles: ["Admin"] });
    const below = await aUser({ roles: [] });
    const [high, low] = [await aToken(above.id), await aToken(below.id)];
    const support = await aSession((await aUserHolding({ revoke_sessions: "all" })).id);
    const pathOf = async (userId: string) => {
      const list = await send(support, "GET", `/api/v1/users/${userId}/tokens`);
      expect(list.status).toBe(200);
      return `/api/v1/users/${userId}/tokens/${list.body.items[0].id}`;
    };
    expect((await send(support, "DELETE", await pathOf(above.id))).status).toBe(403);
    expect((await ask(high)).status).toBe(200);
    const lowPath = await pathOf(below.id);
    // Somebody else's token under this user's name.
    const mixed = lowPath.replace(below.id, (await aUser({ roles: [] })).id);
    expect((await send(support, "DELETE", mixed)).status).toBe(404);
    const foreign = await aForeignSession(["Admin"]);
    expect((await send(foreign, "GET", `/api/v1/users/${below.id}/tokens`)).status).toBe(404);
    expect((await send(foreign, "DELETE", lowPath)).status).toBe(404);
    const nobody = await aSession((await aUser({ roles: [] })).id);
    expect((await send(nobody, "GET", `/api/v1/users/${below.id}/tokens`)).status).toBe(403);
    expect((await send(support, "DELETE", lowPath)).status).toBe(204);
    expect(await ask(low)).toMatchObject(invalid);
  });
});

describe("guessing", () => {
  test("from one network is slowed down, and refuses no token that is good", async () => {
    const good = await aToken((await aUser()).id);
    const answers = await race(70, () => ask(newPersonalToken()));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(60);
    const slowed = answers.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThanOrEqual(10);
    expect(Number(slowed[0]?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask(good)).status).toBe(200);
  });

  test("a leaked database gives no usable key", async () => {
    const owner = await aUser();
    const token = await aToken(owner.id);
    const rows = await prisma().$queryRaw<{ dump: string }[]>`
      SELECT to_jsonb(t)::text AS dump FROM personal_tokens t`;
    const dump = rows.map((row) => row.dump).join("\n");
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(token.slice("gatehouse_pat_".length, -6));
    const words = dump.match(/[0-9A-Za-z_\\]{20,}/g) ?? [];
    expect(words.length).toBeGreaterThan(0);
    for (const word of words.slice(0, 20)) expect((await ask(word)).status).toBe(401);
    expect((await ask(`gatehouse_pat_${words[0]}`)).status).toBe(401);
    const { count } = await prisma()
      .outboxMessage.count({ where: { text: { contains: token } } })
      .then((found) => ({ count: found }));
    expect(count).toBe(0);
  });

  test("an outage is an outage, and opens nothing", async () => {
    const token = await aToken((await aUser()).id);
    const { pool } = await import("@/lib/platform/db/pool");
    const { query } = pool();
    pool().query = () => Promise.reject(Object.assign(new Error("down"), { code: "57P03" }));
    try {
      const reply = await callApi({
        method: "GET",
        path: "/api/v1/me",
        headers: { authorization: `Bearer ${token}` },
      });
      expect(reply.status).toBe(503);
    } finally {
      pool().query = query;
    }
  });
});

test("expired tokens are listed as such until they are purged", async () => {
  const caller = await aCaller();
  await createToken(caller, { name: "Old", scopes: READ, lifetimeDays: 1 });
  await prisma().$executeRaw`
    UPDATE personal_tokens SET created_at = now() - interval '2 days',
             expires_at = date_trunc('milliseconds', now())
     WHERE user_id = ${caller.principal.userId}::uuid`;
  expect(await listOwnTokens(caller)).toHaveLength(1);
});
