import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createRole } from "@/lib/authz/create-role";
import { describeRole } from "@/lib/authz/describe-role";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { assignRoles } from "@/lib/users/assign-roles";
import { updateUser } from "@/lib/users/update-user";
import { anInstance, aUser, callerOf } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";
import { aPolicy } from "@/tests/support/policies";
import { aRole, aUserHolding, give } from "@/tests/support/roles";

// What somebody has, but not so that it is theirs to pass on (ATK-42).

beforeAll(async () => {
  await anInstance();
});

afterEach(async () => {
  await prisma().policy.deleteMany();
});

const TERMS = { expectedVersion: null, confirmed: true };
const BEYOND = { outcome: "rejected", reason: "beyond-own-permissions" };
const inAnHour = () => new Date(Date.now() + 3_600_000);

describe("what is held for a time", () => {
  test("is given to nobody for good, oneself among them", async () => {
    const user = await aUserHolding({ assign_roles: "all", view_users: "all" });
    const roleId = await aRole({ delete_invoice: "all" });
    await give(user.id, roleId, { expiresAt: inAnHour() });
    const caller = await callerOf(user.id);
    const kept = await prisma().userRole.findMany({
      where: { userId: user.id, expiresAt: null },
    });
    const wanted = [...kept.map((grant) => grant.roleId), roleId];
    expect(await assignRoles(caller, user.id, wanted, TERMS)).toMatchObject(BEYOND);
    const other = await aUser({ roles: [] });
    expect(await assignRoles(caller, other.id, [roleId], TERMS)).toMatchObject(BEYOND);
    expect(await prisma().userRole.count({ where: { roleId, expiresAt: null } })).toBe(0);
  });

  test("is put into no role", async () => {
    const user = await aUserHolding({ manage_roles: "all", view_invoice: "all" });
    await give(user.id, await aRole({ delete_invoice: "all" }), { expiresAt: inAnHour() });
    const caller = await callerOf(user.id);
    const role = { name: `Kept ${newId()}`, description: "", grants: {}, inherits: [] };
    const grants = { delete_invoice: "all" } as const;
    expect(await createRole(caller, { ...role, grants })).toMatchObject(BEYOND);
    const own = await aRole({ view_invoice: "all" });
    expect(await setRolePermissions(caller, own, grants, TERMS)).toMatchObject(BEYOND);
  });

  test("is enough to act on whoever holds as much", async () => {
    const user = await aUserHolding({});
    const held = await aRole({ manage_users: "all", view_invoice: "all" });
    await give(user.id, held, { expiresAt: inAnHour() });
    const other = await aUserHolding({ view_invoice: "all" });
    const changed = await updateUser(
      await callerOf(user.id),
      other.id,
      { name: "Other" },
      { confirmed: false },
    );
    expect(changed).toMatchObject({ outcome: "updated" });
  });
});

describe("a role that decides something by being had", () => {
  test("is inherited, left and marked for emergencies by whoever holds what it decides", async () => {
    const user = await aUserHolding({ manage_roles: "all", view_invoice: "all" });
    const marker = await aRole({ view_invoice: "all" });
    const heir = await aRole({ view_invoice: "all" });
    await aPolicy(["delete_invoice"], {
      effect: "allow",
      condition: { kind: "role", ids: [marker] },
    });
    const caller = await callerOf(user.id);
    expect(await setRoleInheritance(caller, heir, [marker], TERMS)).toMatchObject(BEYOND);
    const role = { name: `Heir ${newId()}`, description: "", grants: {}, inherits: [marker] };
    expect(await createRole(caller, role)).toMatchObject(BEYOND);
    expect(await describeRole(caller, marker, { emergency: true }, TERMS)).toMatchObject(BEYOND);
    await prisma().roleInheritance.create({
      data: { roleId: heir, inheritedRoleId: marker },
    });
    expect(await setRoleInheritance(caller, heir, [], TERMS)).toMatchObject(BEYOND);
  });
});

describe("whom a policy allows what the author lacks", () => {
  test("is not theirs to take over, whatever it goes by", async () => {
    const author = await aUserHolding({ manage_users: "all" });
    const caller = await callerOf(author.id);
    const roleId = await aRole({});
    const user = await aUser({ roles: [] });
    await give(user.id, roleId);
    const rename = () =>
      updateUser(caller, user.id, { email: `x-${newId()}@example.net` }, { confirmed: false });
    for (const condition of [
      { kind: "user", ids: [user.id] },
      { kind: "role", ids: [roleId] },
    ]) {
      await aPolicy(["delete_invoice"], { effect: "allow", condition });
      expect(await rename()).toMatchObject(BEYOND);
      await prisma().policy.deleteMany();
    }
    // What the author is allowed by the same policy puts nobody above them.
    await aPolicy(["delete_invoice"], {
      effect: "allow",
      condition: { kind: "user", ids: [user.id, author.id] },
    });
    expect(await rename()).toMatchObject({ outcome: "updated" });
  });
});

describe("what a policy alone allows here", () => {
  /** Renames somebody who holds `theirs`, as who has the grant, and whom a policy allows to manage users. */
  const renamed = async (grant: (userId: string) => Promise<void>, theirs: string[] = []) => {
    const { id } = await aUser({ roles: [] });
    await grant(id);
    await aPolicy(["manage_users"], {
      effect: "allow",
      condition: { kind: "user", ids: [id] },
    });
    const other = await aUser({ roles: [] });
    for (const key of theirs) await give(other.id, await aRole({ [key]: "all" }));
    const caller = await callerOf(id);
    return updateUser(caller, other.id, { name: "Other" }, { confirmed: false });
  };
  const elsewhere = async (userId: string) => {
    const { id: organizationId } = await anOrganization();
    await give(userId, await aRole({ manage_users: "all", view_roles: "all" }), { organizationId });
  };
  const somebodyElses = async (userId: string) => {
    const other = { kind: "user" as const, ids: [newId()] };
    await give(userId, await aRole({ manage_users: other, view_roles: other }));
  };

  test.each([
    ["elsewhere", elsewhere],
    ["to somebody else than who they are", somebodyElses],
  ])("is done to who holds nothing, and to nobody by what a role gives %s", async (_, grant) => {
    expect(await renamed(grant)).toMatchObject({ outcome: "updated" });
    expect(await renamed(grant, ["view_roles"])).toMatchObject(BEYOND);
  });
});
