import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles } from "@/lib/users/assign-roles";
import { findUser, listAssignableRoles } from "@/lib/users/list-users";
import { changeRoleAsOperator } from "@/lib/users/operate-users";
import { aCaller, aRequest, aSession, aUser, callerOf, callerWith } from "@/tests/support/builders";
import {
  aCallerHolding,
  aRole,
  aUserHolding,
  eventsOf,
  give,
  roleIdNamed,
  roleIdsOf,
} from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const UNSURE = { confirmed: false };
const SURE = { confirmed: true };
const ASSIGNER = { assign_roles: "all", view_users: "all" } as const;
let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

test("roles are replaced as one change, with the sets before and after in one event", async () => {
  const { id } = await aUser({ roles: ["User"] });
  const caller = again(admin);
  const [manager, extra] = [await roleIdNamed("Manager"), await aRole({}, "Extra")];
  expect(await assignRoles(caller, id, [manager, extra, extra], UNSURE)).toMatchObject({
    outcome: "assigned",
    changed: true,
  });
  expect(await roleIdsOf(id)).toEqual([manager, extra].sort());
  const { userId } = caller.principal;
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "user.role_assigned",
      actorId: userId,
      targetId: id,
      before: { roles: ["User"] },
      after: { roles: ["Extra", "Manager"] },
    },
  ]);
  const granted = await prisma().userRole.findMany({ where: { userId: id } });
  expect(granted.every((grant) => grant.grantedById === userId)).toBe(true);
  const next = again(admin);
  await assignRoles(next, id, [extra], UNSURE);
  expect(await eventsOf(next)).toMatchObject([{ action: "user.role_removed" }]);
});

test("what may be given is shown however old the last proof is, and giving it asks for a new one", async () => {
  const { id } = await aUser();
  const { principal, request } = again(admin);
  const authTime = new Date(Date.now() - 11 * 60_000);
  const stale = {
    principal: { ...principal, session: { ...principal.session, authTime } },
    request,
  };
  const roles = await listAssignableRoles(stale);
  expect(roles.map(({ name }) => name)).toContain("Manager");
  await expect(assignRoles(stale, id, [], UNSURE)).rejects.toThrow(AssuranceInsufficient);
});

test("the same roles again are no change and leave no event", async () => {
  const { id } = await aUser({ roles: ["User"] });
  const caller = again(admin);
  const result = await assignRoles(caller, id, [await roleIdNamed("User")], UNSURE);
  expect(result).toMatchObject({ outcome: "assigned", changed: false });
  expect(await eventsOf(caller)).toEqual([]);
});

test("a change of roles bites on the user's very next request (D5)", async () => {
  const { id } = await aUser({ roles: ["User"] });
  const cookie = await aSession(id);
  const before = (await callerWith(cookie)).principal.grantsVersion;
  await assignRoles(admin, id, [await roleIdNamed("Manager")], UNSURE);
  expect((await callerWith(cookie)).principal.grantsVersion).not.toBe(before);
});

test("a grant that has run out is granted anew", async () => {
  const { id } = await aUser({ roles: [] });
  const roleId = await roleIdNamed("Manager");
  await give(id, roleId, { expiresAt: new Date(Date.now() - 1_000) });
  expect(await assignRoles(admin, id, [roleId], UNSURE)).toMatchObject({ changed: true });
  expect(await prisma().userRole.findMany({ where: { userId: id } })).toMatchObject([
    { roleId, expiresAt: null },
  ]);
});

test("nobody gives a role that gives what they lack (ATK-42)", async () => {
  const caller = await aCallerHolding({ ...ASSIGNER, view_invoice: "own" });
  const { id } = await aUser({ roles: [] });
  const own = await aRole({ view_invoice: "own" });
  expect(await assignRoles(caller, id, [own], UNSURE)).toMatchObject({ outcome: "assigned" });
  const all = await aRole({ view_invoice: "all" });
  expect(await assignRoles(again(caller), id, [own, all], UNSURE)).toMatchObject({
    outcome: "rejected",
    reason: "beyond-own-permissions",
    missing: ["view_invoice"],
  });
  expect(await roleIdsOf(id)).toEqual([own]);
});

test("nobody takes or adds roles where the user holds what they lack (ATK-42)", async () => {
  const caller = await aCallerHolding({ ...ASSIGNER, view_invoice: "all" });
  const harmless = await aRole({ view_invoice: "all" });
  const { id } = await aUserHolding({ delete_invoice: "all" });
  const before = await roleIdsOf(id);
  for (const wanted of [[], [...before, harmless]]) {
    expect(await assignRoles(again(caller), id, wanted, UNSURE)).toMatchObject({
      outcome: "rejected",
      reason: "beyond-own-permissions",
      missing: ["delete_invoice"],
    });
  }
  expect(await roleIdsOf(id)).toEqual(before);
});

test("nobody gives themselves a role beyond what they hold (ATK-42)", async () => {
  const caller = await aCallerHolding({ ...ASSIGNER, manage_users: "all" });
  const { userId } = caller.principal;
  const before = await roleIdsOf(userId);
  const result = await assignRoles(caller, userId, [...before, await roleIdNamed("Admin")], SURE);
  expect(result).toMatchObject({ reason: "beyond-own-permissions" });
  expect(await roleIdsOf(userId)).toEqual(before);
});

test("without the permission to assign roles nothing changes, however much else is held", async () => {
  const caller = await aCallerHolding({ manage_users: "all", manage_roles: "all" });
  const { id } = await aUser({ roles: [] });
  await expect(assignRoles(caller, id, [], UNSURE)).rejects.toThrow(AccessDenied);
});

test("permissions that were taken away meanwhile give no last change", async () => {
  const caller = await aCallerHolding(ASSIGNER);
  const { id } = await aUser({ roles: [] });
  const harmless = await aRole({});
  // The caller's request has begun, with what they held when it did.
  await prisma().userRole.deleteMany({ where: { userId: caller.principal.userId } });
  const result = await assignRoles(caller, id, [harmless], UNSURE).catch((error) => error);
  expect(result).not.toMatchObject({ outcome: "assigned" });
  expect(await roleIdsOf(id)).toEqual([]);
});

test("whoever would lose permissions confirms it first, told which (ATK-44)", async () => {
  const caller = await aCallerHolding({ ...ASSIGNER, view_invoice: "all" });
  const { userId } = caller.principal;
  expect(await assignRoles(again(caller), userId, [], UNSURE)).toEqual({
    outcome: "rejected",
    reason: "confirmation-required",
    lost: ["assign_roles", "view_invoice", "view_users"],
  });
  expect(await roleIdsOf(userId)).toHaveLength(1);
  expect(await assignRoles(again(caller), userId, [], SURE)).toMatchObject({ changed: true });
  expect(await roleIdsOf(userId)).toEqual([]);
});

test("a role that does not exist, or exists elsewhere, is unknown (ATK-43)", async () => {
  const { id } = await aUser({ roles: [] });
  const foreign = await aForeignCaller([]);
  const elsewhere = newId();
  const { organizationId } = foreign.principal;
  await prisma().role.create({ data: { id: elsewhere, organizationId, name: "Elsewhere" } });
  for (const roleId of [newId(), elsewhere]) {
    expect(await assignRoles(admin, id, [roleId], UNSURE)).toEqual({
      outcome: "rejected",
      reason: "unknown-role",
    });
  }
});

test("users of another organization do not exist here (ATK-43)", async () => {
  const foreign = await aForeignCaller(["Admin"]);
  await prisma().membership.deleteMany({
    where: {
      userId: foreign.principal.userId,
      organizationId: admin.principal.organizationId,
    },
  });
  for (const id of [foreign.principal.userId, newId(), "no id"]) {
    expect(await assignRoles(again(admin), id, [], UNSURE)).toEqual({ outcome: "not-found" });
  }
});

test("a grant reaches no further than its author: what is held in one organization is given there", async () => {
  const { organizationId } = admin.principal;
  const { id: authorId } = await aUser({ roles: [] });
  const roleId = await aRole({ ...ASSIGNER, view_invoice: "all" });
  await give(authorId, roleId, { organizationId });
  const { id } = await aUser({ roles: [] });
  const granted = await aRole({ view_invoice: "all" });
  const caller = await callerOf(authorId);
  expect(await assignRoles(caller, id, [granted], UNSURE)).toMatchObject({ changed: true });
  expect(await prisma().userRole.findMany({ where: { userId: id } })).toMatchObject([
    { roleId: granted, organizationId },
  ]);
});

const inAnHour = () => new Date(Date.now() + 3_600_000);
const grantsOf = (userId: string) =>
  prisma().userRole.findMany({ where: { userId }, orderBy: { createdAt: "asc" } });

test("what is given for a time is neither ended nor made to last by saving the others", async () => {
  const { id } = await aUser({ roles: ["User"] });
  const [timed, other] = [await aRole({}, "Timed"), await aRole({}, "Other")];
  const end = inAnHour();
  await give(id, timed, { expiresAt: end });
  const shown = await findUser(admin, id);
  expect(shown?.roles).toMatchObject([
    { id: timed, expiresAt: end },
    { name: "User", expiresAt: null },
  ]);
  const caller = again(admin);
  const result = await assignRoles(caller, id, [other], UNSURE);
  expect(result).toMatchObject({
    changed: true,
    roles: [
      { id: other, expiresAt: null },
      { id: timed, expiresAt: end },
    ],
  });
  expect(await grantsOf(id)).toMatchObject([
    { roleId: timed, expiresAt: end },
    { roleId: other, expiresAt: null },
  ]);
  expect(await eventsOf(caller)).toMatchObject([
    { before: { roles: ["User"] }, after: { roles: ["Other"] } },
  ]);
  // Nothing that lasts differs, so that nothing is changed.
  expect(await assignRoles(again(admin), id, [other], UNSURE)).toMatchObject({ changed: false });
  await prisma().userRole.updateMany({
    where: { userId: id, roleId: timed },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  // As the form was drawn while it was held: what has run out stays run out.
  await assignRoles(again(admin), id, [other], UNSURE);
  expect((await findUser(admin, id))?.roles.map((role) => role.id)).toEqual([other]);
});

test("a role that is held for a time has no end once it is named outright", async () => {
  const { id } = await aUser({ roles: [] });
  const timed = await aRole({});
  await give(id, timed, { expiresAt: inAnHour() });
  expect(await assignRoles(again(admin), id, [timed], UNSURE)).toMatchObject({
    changed: true,
    roles: [{ id: timed, expiresAt: null }],
  });
  expect(await grantsOf(id)).toMatchObject([{ roleId: timed, expiresAt: null }]);
});

test("of a role held for good here and for a time everywhere only what lasts is taken", async () => {
  const { id } = await aUser({ roles: [] });
  const [both, end] = [await aRole({}), inAnHour()];
  await give(id, both, { expiresAt: end });
  await give(id, both, { organizationId: admin.principal.organizationId });
  expect((await findUser(admin, id))?.roles).toMatchObject([{ id: both, expiresAt: null }]);
  expect(await assignRoles(again(admin), id, [], UNSURE)).toMatchObject({
    roles: [{ id: both, expiresAt: end }],
  });
  expect(await grantsOf(id)).toMatchObject([{ roleId: both, expiresAt: end }]);
});

test("the command line takes a role, for a time or not, and gives it without an end", async () => {
  const { id, email } = await aUser({ roles: [] });
  const name = `Role ${newId()}`;
  const roleId = await aRole({}, name);
  await give(id, roleId, { expiresAt: inAnHour() });
  expect(await changeRoleAsOperator(email, name, "revoke", aRequest())).toMatchObject({
    changed: true,
    roles: [],
  });
  expect(await grantsOf(id)).toEqual([]);
  await give(id, roleId, { expiresAt: inAnHour() });
  await changeRoleAsOperator(email, name, "grant", aRequest());
  expect(await grantsOf(id)).toMatchObject([{ roleId, expiresAt: null }]);
});
