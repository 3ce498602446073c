import { beforeAll, describe, expect, test } from "vitest";
import { createRole } from "@/lib/authz/create-role";
import { can } from "@/lib/authz/decide";
import { describeRole } from "@/lib/authz/describe-role";
import { findRole } from "@/lib/authz/list-roles";
import { readRulesOf } from "@/lib/authz/load-rules";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import type { Caller } from "@/lib/shared/caller";
import { giveTeamRole } from "@/lib/teams/team-roles";
import { addUser } from "@/lib/users/add-user";
import { assignRoles } from "@/lib/users/assign-roles";
import { aCaller, anInstance, aUser, callerOf } from "@/tests/support/builders";
import { aRole, give, roleIdsOf } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";
import { anOrganization, aTeam, defaultOrganizationId } from "@/tests/support/teams";

// A role that is defined in one organization is usable in no other (F84): not through the product,
// and not where somebody has written its row past it.

let admin: Caller;
let elsewhere: string;
let here: string;
/** Another organization's. */
let foreign: string;

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
  here = await defaultOrganizationId();
  elsewhere = await anOrganization();
  foreign = await aRole({ view_invoice: "all" });
  await prisma().role.update({ where: { id: foreign }, data: { organizationId: elsewhere } });
});

const TERMS = { expectedVersion: null, confirmed: false };

async function aService(): Promise<string> {
  const id = newId();
  await prisma().oidcClient.create({
    data: { id, name: id, kind: "service", authMethod: "client_secret_basic" },
  });
  await prisma().serviceAccount.create({ data: { clientId: id, organizationId: here } });
  return id;
}

const mayView = async (userId: string) => can(await callerOf(userId), INVOICE_PERMISSIONS.view);

describe("a role of another organization", () => {
  test("is not there to be read or changed", async () => {
    expect(await findRole(admin, foreign)).toBeNull();
    const renamed = await describeRole(admin, foreign, { name: "Mine" }, TERMS);
    expect(renamed).toEqual({ outcome: "not-found" });
    expect(await setRolePermissions(admin, foreign, {}, TERMS)).toEqual({ outcome: "not-found" });
  });

  test("is given to no user, new or not, to no team and to no service account", async () => {
    const user = await aUser({ roles: [] });
    const email = `${newId()}@example.com`;
    const added = { email, name: null, status: "pending", roleIds: [foreign] } as const;
    for (const result of [
      await assignRoles(admin, user.id, [foreign], TERMS),
      await addUser(admin, { ...added, roleIds: [foreign] }, async () => async () => {}),
      await giveTeamRole(admin, await aTeam(), { roleId: foreign, expiresAt: null }),
      await assignServiceRoles(admin, await aService(), [foreign]),
    ]) {
      expect(result).toMatchObject({ outcome: "rejected", reason: "unknown-role" });
    }
    expect(await roleIdsOf(user.id)).toEqual([]);
    expect(await prisma().user.count({ where: { email } })).toBe(0);
  });

  test("gives nothing by a row that somebody has written, whichever path it is on", async () => {
    const paths: [string, (userId: string) => Promise<unknown>][] = [
      ["a grant here", (userId) => give(userId, foreign, { organizationId: here })],
      ["a grant everywhere", (userId) => give(userId, foreign)],
      ["a grant there", (userId) => give(userId, foreign, { organizationId: elsewhere })],
      ["a team here", (userId) => aTeam({ roles: [foreign], members: [userId] })],
      [
        "a team above",
        async (userId) => {
          const parentId = await aTeam({ roles: [foreign] });
          return aTeam({ parentId, members: [userId] });
        },
      ],
    ];
    for (const [path, write] of paths) {
      const user = await aUser({ roles: [] });
      await write(user.id);
      expect(await mayView(user.id), path).toBe(false);
    }
    const service = await aService();
    await prisma().serviceAccountRole.create({ data: { clientId: service, roleId: foreign } });
    const owner = { means: "service", userId: service, organizationId: here } as const;
    expect((await readRulesOf(owner)).rules.size).toBe(0);
  });

  test("counts in its own organization, by a grant there or everywhere", async () => {
    for (const extra of [{}, { organizationId: elsewhere }]) {
      const { id: userId } = await aUser({ roles: [] });
      await give(userId, foreign, extra);
      const owner = { means: "session", userId, organizationId: elsewhere } as const;
      expect([...(await readRulesOf(owner)).rules.keys()]).toEqual(["view_invoice"]);
    }
  });

  test("is inherited by no role of this one or of the instance, not even by SQL", async () => {
    const [own, shared] = [await aRole({}), await aRole({})];
    await prisma().role.update({ where: { id: own }, data: { organizationId: here } });
    for (const roleId of [own, shared]) {
      await expect(
        prisma().roleInheritance.create({ data: { roleId, inheritedRoleId: foreign } }),
      ).rejects.toThrow(/./);
    }
    const inherited = await aRole({ view_invoice: "all" });
    await prisma().roleInheritance.create({ data: { roleId: own, inheritedRoleId: inherited } });
    await expect(
      prisma().role.update({ where: { id: inherited }, data: { organizationId: elsewhere } }),
    ).rejects.toThrow("its own organization or from the instance");
  });
});

describe("a role that somebody creates", () => {
  const creation = { description: "", grants: { view_invoice: "all" } } as const;

  test("is the organization's when they hold what it gives there only", async () => {
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ manage_roles: "all", view_invoice: "all" }), {
      organizationId: here,
    });
    const result = await createRole(await callerOf(userId), { name: newId(), ...creation });
    expect(result).toMatchObject({ outcome: "created", role: { organizationId: here } });
    const stranger = await aForeignCaller(["Admin"]);
    if (result.outcome === "created") expect(await findRole(stranger, result.role.id)).toBeNull();
  });

  test("is the organization's, too, when it is one permission that they hold there only", async () => {
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ manage_roles: "all" }));
    await give(userId, await aRole({ view_invoice: "all" }), { organizationId: here });
    const result = await createRole(await callerOf(userId), { name: newId(), ...creation });
    expect(result).toMatchObject({ outcome: "created", role: { organizationId: here } });
  });

  test("is everybody's when they hold all of it everywhere", async () => {
    const result = await createRole(admin, { name: newId(), ...creation });
    expect(result).toMatchObject({ outcome: "created", role: { organizationId: null } });
  });

  test("is nobody's when they hold it in another organization only", async () => {
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ manage_roles: "all" }), { organizationId: here });
    await give(userId, await aRole({ view_invoice: "all" }), { organizationId: elsewhere });
    const result = await createRole(await callerOf(userId), { name: newId(), ...creation });
    expect(result).toMatchObject({ reason: "beyond-own-permissions", missing: ["view_invoice"] });
  });

  test("can be called as one of another organization is, and not as one of the instance", async () => {
    const name = (await prisma().role.findUniqueOrThrow({ where: { id: foreign } })).name;
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ manage_roles: "all", view_invoice: "all" }), {
      organizationId: here,
    });
    const caller = await callerOf(userId);
    expect((await createRole(caller, { name, ...creation })).outcome).toBe("created");
    expect(await createRole(caller, { name: "admin", ...creation })).toMatchObject({
      reason: "name-taken",
    });
  });
});

describe("what gives nothing by itself is not passed on for nothing (ATK-42)", () => {
  test("a role that inherits, to a service account, by what it inherits", async () => {
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ assign_roles: "all" }));
    const [heir, inherited] = [await aRole({}), await aRole({ view_users: "all" })];
    await prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: inherited } });
    const service = await aService();
    expect(await assignServiceRoles(await callerOf(userId), service, [heir])).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["view_users"],
    });
  });

  test("a role that a condition asks for, by what the condition decides", async () => {
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ assign_roles: "all" }));
    const key = await aRole({});
    const locked = await aRole({ view_users: "all" });
    await prisma().rolePermission.updateMany({
      where: { roleId: locked },
      data: { condition: { kind: "role", ids: [key] } },
    });
    const target = await aUser({ roles: [] });
    const result = await assignRoles(await callerOf(userId), target.id, [key], TERMS);
    expect(result).toMatchObject({ reason: "beyond-own-permissions", missing: ["view_users"] });
    await prisma().role.delete({ where: { id: locked } });
    expect((await assignRoles(await callerOf(userId), target.id, [key], TERMS)).outcome).toBe(
      "assigned",
    );
  });

  test("a grant that asks for who somebody is, by who does not meet it to who does", async () => {
    const team = await aTeam();
    const role = await aRole({ view_invoice: "all" });
    await prisma().rolePermission.updateMany({
      where: { roleId: role },
      data: { condition: { kind: "team", ids: [team] } },
    });
    const { id: userId } = await aUser({ roles: [] });
    await give(userId, await aRole({ assign_roles: "all" }));
    await give(userId, role);
    const member = await aUser({ roles: [] });
    await prisma().teamMembership.create({
      data: { teamId: team, userId: member.id, organizationId: here },
    });
    const assign = async () => assignRoles(await callerOf(userId), member.id, [role], TERMS);
    expect(await assign()).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["view_invoice"],
    });
    await prisma().teamMembership.create({ data: { teamId: team, userId, organizationId: here } });
    expect((await assign()).outcome).toBe("assigned");
  });
});
