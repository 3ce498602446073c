import { beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { addUser } from "@/lib/users/add-user";
import { updateUser } from "@/lib/users/update-user";
import { anInstance } from "@/tests/support/builders";
import { aCallerIn, anOrganization } from "@/tests/support/organizations";
import { aCallerHolding, aRole, type Grants, roleIdNamed } from "@/tests/support/roles";

beforeAll(async () => {
  await anInstance();
});

test.each<[string, Grants, boolean]>([
  ["manage only themselves", { manage_users: "own" }, false],
  ["assign roles only to themselves", { manage_users: "all", assign_roles: "own" }, true],
])("whoever may %s adds nobody (ATK-42)", async (_, grants, choosesRoles) => {
  const caller = await aCallerHolding({ view_invoice: "own", ...grants });
  const roleIds = choosesRoles ? [await roleIdNamed("User")] : null;
  const email = `added-by-${caller.principal.userId}@example.com`;
  const user = { email, name: null, status: "active" as const, roleIds };
  await expect(addUser(caller, user, async () => async () => {})).rejects.toBeInstanceOf(
    AccessDenied,
  );
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});

test("an address at a domain that a condition asks for is given by who holds what that decides (ATK-42)", async () => {
  const domain = `${newId()}.example`;
  const role = await aRole({ view_users: "all" });
  await prisma().rolePermission.updateMany({
    where: { roleId: role },
    data: { condition: { kind: "email-domain", domains: [domain] } },
  });
  const delegate = await aCallerHolding({ manage_users: "all" });
  const user = { email: `ada@${domain}`, name: null, status: "pending", roleIds: [] } as const;
  const added = { ...user, roleIds: [] };
  expect(await addUser(delegate, added, async () => async () => {})).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["view_users"],
  });
  const elsewhere = { ...added, email: `ada@sub.${domain}` };
  const result = await addUser(delegate, elsewhere, async () => async () => {});
  if (result.outcome !== "created") throw new Error(result.reason);
  const terms = { confirmed: false };
  expect(await updateUser(delegate, result.user.id, { email: added.email }, terms)).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["view_users"],
  });
  await prisma().role.delete({ where: { id: role } });
  expect((await updateUser(delegate, result.user.id, { email: added.email }, terms)).outcome).toBe(
    "updated",
  );
});

describe("the roles of whoever signs up", () => {
  const added = async (caller: Caller, organizationId: string) => {
    const email = `${newId()}@example.com`;
    const user = { email, name: null, status: "pending" as const, roleIds: null };
    const result = await addUser(caller, user, async () => async () => {});
    if (result.outcome !== "created") throw new Error(result.reason);
    const roles = await prisma().userRole.findMany({ where: { userId: result.user.id } });
    expect(result.user.roles.map(({ name }) => name)).toEqual(["User"]);
    return roles.map((role) =>
      role.organizationId === organizationId ? "here" : role.organizationId,
    );
  };

  test("hold in the organization alone, where who adds somebody could not give them everywhere (ATK-42)", async () => {
    const { id: organizationId } = await anOrganization();
    const elsewhere = (await anOrganization("Other")).id;
    const foreign = await aRole({ view_invoice: "all" });
    const data = { isDefault: true, organizationId: elsewhere };
    await prisma().role.update({ where: { id: foreign }, data });
    const grants: Grants = { manage_users: "all" };
    expect(await added(await aCallerIn(organizationId, grants), organizationId)).toEqual(["here"]);
    const holder: Grants = { manage_users: "all", view_invoice: "all" };
    expect(await added(await aCallerIn(organizationId, holder), organizationId)).toEqual(["here"]);
    await prisma().role.delete({ where: { id: foreign } });
  });

  test("hold everywhere, where they could", async () => {
    const caller = await aCallerHolding({ manage_users: "all", view_invoice: "all" });
    expect(await added(caller, caller.principal.organizationId)).toEqual([null]);
  });
});
