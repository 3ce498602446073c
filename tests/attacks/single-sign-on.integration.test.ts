import { beforeEach, describe, expect, test } from "vitest";
import { lockInstance } from "@/lib/authz/holdings-store";
import { deleteConnection } from "@/lib/federation/delete-connection";
import { changeConnection, switchConnection } from "@/lib/federation/manage-connections";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import { DEFAULT_SIGN_IN_RULES } from "@/lib/organizations/sign-in-rules.schema";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import { holdOf } from "@/lib/shared/assurance";
import { send } from "@/tests/support/api";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { aConnection, aSessionThrough } from "@/tests/support/connections";
import { anOrganization, defaultOrganizationId, join } from "@/tests/support/organizations";
import { whileUncommitted } from "@/tests/support/race";
import { aRole, give } from "@/tests/support/roles";

// An organization that is opened only through connections of its own (F86).

const MANAGER = {
  view_invoice: "own",
  manage_sign_in_rules: "all",
  manage_connections: "all",
} as const;
const RULES = { ...DEFAULT_SIGN_IN_RULES, ssoRequired: true };

let organizationId: string;
let connection: Awaited<ReturnType<typeof aConnection>>;
let userId: string;

beforeEach(async () => {
  await aUser({ roles: ["Admin"] });
  organizationId = await defaultOrganizationId();
  await prisma().signInPolicy.deleteMany();
  await prisma().connection.deleteMany();
  connection = await aConnection();
  userId = (await aUser({ roles: [] })).id;
  await give(userId, await aRole(MANAGER), { organizationId });
});

const ask = () => prisma().signInPolicy.create({ data: { organizationId, ssoRequired: true } });

const heldBy = async (cookie: string) => {
  const principal = await findPrincipal(cookie);
  return principal && holdOf(principal);
};

describe("a session", () => {
  test("that came another way is held from the next request on, and one through the connection is not", async () => {
    const [other, through] = [await aSession(userId), await aSessionThrough(userId, connection)];
    expect([await heldBy(other), await heldBy(through)]).toEqual([null, null]);
    await ask();
    expect([await heldBy(other), await heldBy(through)]).toEqual(["single-sign-on", null]);
    expect(await send(other, "GET", "/api/v1/me")).toMatchObject({
      status: 403,
      body: { code: "single_sign_on_required" },
    });
    expect((await send(through, "GET", "/api/v1/me")).status).toBe(200);
    await prisma().signInPolicy.updateMany({ data: { ssoRequired: false } });
    expect(await heldBy(other)).toBeNull();
  });

  test.each<[string, () => Promise<unknown>]>([
    ["off", () => prisma().connection.updateMany({ data: { enabled: false } })],
    [
      "at another issuer",
      () => prisma().connection.updateMany({ data: { issuer: "https://x.example" } }),
    ],
    [
      "another organization's",
      async () => {
        const { id } = await anOrganization();
        return prisma().connection.updateMany({ data: { organizationId: id } });
      },
    ],
    ["gone", () => prisma().connection.deleteMany()],
  ])("through a connection that is %s by now is held", async (_, change) => {
    await ask();
    const through = await aSessionThrough(userId, connection);
    expect(await heldBy(through)).toBeNull();
    await change();
    expect(await heldBy(through)).toBe("single-sign-on");
  });

  test("goes on in an organization that does not ask for it, and is held again on its return", async () => {
    const { id } = await anOrganization();
    await join(userId, id);
    await ask();
    const cookie = await aSession(userId);
    const away = await switchOrganization(await callerWith(cookie), cookie, id);
    if (away.outcome !== "switched") throw new Error(away.outcome);
    expect(await heldBy(away.sessionSecret)).toBeNull();
    const caller = await callerWith(away.sessionSecret);
    const back = await switchOrganization(caller, away.sessionSecret, organizationId);
    if (back.outcome !== "switched") throw new Error(back.outcome);
    expect(await heldBy(back.sessionSecret)).toBe("single-sign-on");
  });

  test("takes what it came through along into another organization and back", async () => {
    const { id } = await anOrganization();
    await join(userId, id);
    await ask();
    const cookie = await aSessionThrough(userId, connection);
    const away = await switchOrganization(await callerWith(cookie), cookie, id);
    if (away.outcome !== "switched") throw new Error(away.outcome);
    const caller = await callerWith(away.sessionSecret);
    const back = await switchOrganization(caller, away.sessionSecret, organizationId);
    expect(back.outcome === "switched" && (await heldBy(back.sessionSecret))).toBeNull();
  });

  test("of who runs organizations on the whole installation is spared, and of who does so in one is not", async () => {
    await ask();
    const role = await aRole({ manage_organizations: "all" });
    const [runner, local] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
    await give(runner.id, role);
    await give(local.id, role, { organizationId });
    expect(await heldBy(await aSession(runner.id))).toBeNull();
    expect(await heldBy(await aSession(local.id))).toBe("single-sign-on");
  });
});

test("a personal access token counts as the session that made it did", async () => {
  const made = async (cookie: string) => {
    const terms = { name: "CI", scopes: ["api:read" as const], lifetimeDays: 1 };
    const result = await createToken(await callerWith(cookie), terms);
    if (result.outcome !== "created") throw new Error(result.reason);
    return { authorization: `Bearer ${result.secret}` };
  };
  const other = await made(await aSession(userId));
  const through = await made(await aSessionThrough(userId, connection));
  await ask();
  const answer = async (headers: Record<string, string>) =>
    (await send(null, "GET", "/api/v1/me", undefined, headers)).status;
  expect([await answer(other), await answer(through)]).toEqual([403, 200]);
  await prisma().connection.updateMany({ data: { issuer: "https://x.example" } });
  expect(await answer(through)).toBe(403);
  await prisma().connection.updateMany({ data: { issuer: connection.issuer } });
  expect(await answer(through)).toBe(200);
  await prisma().connection.updateMany({ data: { enabled: false } });
  expect(await answer(through)).toBe(403);
});

describe("the rule", () => {
  const terms = { expectedVersion: 0, confirmed: true };

  test("is made by who came through a connection of the organization that is on, and by nobody else (ATK-44)", async () => {
    const other = await callerWith(await aSession(userId));
    const refused = { outcome: "rejected", reason: "own-sign-in-elsewhere" };
    expect(await changeSignInRules(other, RULES, terms)).toEqual(refused);
    const through = await callerWith(await aSessionThrough(userId, connection));
    await prisma().connection.updateMany({ data: { enabled: false } });
    expect(await changeSignInRules(through, RULES, terms)).toEqual(refused);
    await prisma().connection.updateMany({ data: { enabled: true } });
    expect(await changeSignInRules(through, RULES, terms)).toEqual({ outcome: "changed" });
    expect(holdOf(other.principal)).toBeNull();
  });

  test("is not made while its only connection is being switched off", async () => {
    const through = await callerWith(await aSessionThrough(userId, connection));
    const changing = whileUncommitted(
      async (tx) => {
        await lockInstance(tx);
        await tx.connection.updateMany({ data: { enabled: false } });
      },
      () => changeSignInRules(through, RULES, terms),
    );
    expect(await changing).toMatchObject({ reason: "own-sign-in-elsewhere" });
    expect(await prisma().signInPolicy.count()).toBe(0);
  });

  test("keeps the last connection that is on at its issuer, also when nobody has an identity there", async () => {
    await ask();
    const caller = await callerWith(await aSessionThrough(userId, connection));
    const { name, clientId, authMethod, scopes, domains } = connection;
    const change = {
      name,
      clientId,
      authMethod: authMethod as "client_secret_basic",
      scopes,
      domains,
      clientSecret: "another-client-secret",
    };
    const move = (version: number) =>
      changeConnection(caller, connection.id, { ...change, issuer: "https://x.example" }, version);
    expect(await move(connection.version)).toEqual({
      outcome: "rejected",
      reason: "only-way-into-organization",
    });
    const same = { ...change, issuer: connection.issuer };
    const renamed = await changeConnection(caller, connection.id, same, connection.version);
    expect(renamed).toMatchObject({ outcome: "changed" });
    await aConnection();
    expect(await move(connection.version + 1)).toMatchObject({ outcome: "changed" });
  });

  test("keeps the last connection that is on, and no other", async () => {
    await ask();
    const caller = await callerWith(await aSessionThrough(userId, connection));
    const off = { expectedVersion: connection.version, confirmed: true };
    const kept = { outcome: "rejected", reason: "only-way-into-organization" };
    expect(await switchConnection(caller, connection.id, false, off)).toEqual(kept);
    expect(await deleteConnection(caller, connection.id, { confirmed: true })).toEqual(kept);
    const { id, version } = await aConnection();
    expect(
      await switchConnection(caller, id, false, { expectedVersion: version, confirmed: true }),
    ).toMatchObject({ outcome: "changed" });
    expect(await deleteConnection(caller, id, { confirmed: true })).toMatchObject({
      outcome: "deleted",
    });
    await prisma().signInPolicy.deleteMany();
    expect(await switchConnection(caller, connection.id, false, off)).toMatchObject({
      outcome: "changed",
    });
  });
});
