import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { createRole } from "@/lib/authz/create-role";
import { can } from "@/lib/authz/decide";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import { findRole, listPermissions, listRoles } from "@/lib/authz/list-roles";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import {
  aCallerHolding,
  aRole,
  aUserHolding,
  eventsOf,
  give,
  holdingsOf,
  roleIdNamed,
} from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const TERMS = { expectedVersion: null, confirmed: false };
let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const aNewRole = (grants = {}) => ({ name: `New ${newId()}`, description: "For a test", grants });

test("a new role gives what was asked for, and its event says so", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const input = aNewRole({ view_invoice: "own", create_invoice: "all" });
  const result = await createRole(caller, input);
  expect(result).toMatchObject({
    outcome: "created",
    role: { ...input, version: 1, userCount: 0, organizationId: null },
  });
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "role.created",
      outcome: "success",
      actorId: caller.principal.userId,
      before: null,
      after: { permissions: ["create_invoice", "view_invoice (own)"] },
    },
  ]);
});

test("two roles of one place cannot have one name, even when created at once", async () => {
  const input = aNewRole();
  const results = await Promise.all(Array.from({ length: 8 }, () => createRole(admin, input)));
  expect(results.filter((result) => result.outcome === "created")).toHaveLength(1);
  expect(results.filter((result) => result.outcome === "rejected")).toEqual(
    Array(7).fill({ outcome: "rejected", reason: "name-taken" }),
  );
});

test("renaming to a name that is taken changes nothing", async () => {
  const roleId = await aRole({});
  const result = await describeRole(admin, roleId, { name: "Admin" }, TERMS);
  expect(result).toEqual({ outcome: "rejected", reason: "name-taken" });
});

test("a role is renamed with the old and the new name in the log", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const roleId = await aRole({}, "Before");
  const result = await describeRole(caller, roleId, { name: "After" }, TERMS);
  expect(result).toMatchObject({ outcome: "changed", role: { name: "After", version: 2 } });
  expect(await eventsOf(caller)).toMatchObject([
    { action: "role.updated", before: { name: "Before" }, after: { name: "After" } },
  ]);
});

test("a role's permissions change as one, and bite on the next request", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const roleId = await aRole({ view_invoice: "own", create_invoice: "all" });
  const { id } = await aUser({ roles: [] });
  await give(id, roleId);
  const cookie = await aSession(id);
  const invoice = { id: newId(), ownerId: newId() };
  const mayView = async () => can(await callerWith(cookie), INVOICE_PERMISSIONS.view, invoice);
  expect(await mayView()).toBe(false);
  const wanted = { view_invoice: "all", delete_invoice: "all" } as const;
  const result = await setRolePermissions(caller, roleId, wanted, TERMS);
  expect(result).toMatchObject({ outcome: "changed", role: { grants: wanted, version: 2 } });
  expect(await mayView()).toBe(true);
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "role.permissions_changed",
      before: { permissions: ["create_invoice", "view_invoice (own)"] },
      after: { permissions: ["delete_invoice", "view_invoice"] },
    },
  ]);
});

test("the same permissions again are no change", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const roleId = await aRole({ view_invoice: "own" });
  const result = await setRolePermissions(caller, roleId, { view_invoice: "own" }, TERMS);
  expect(result).toMatchObject({ outcome: "changed", role: { version: 1 } });
  expect(await eventsOf(caller)).toEqual([]);
});

test("of two changes that were based on one version, the second is told that it is late", async () => {
  const roleId = await aRole({});
  const terms = { expectedVersion: 1, confirmed: false };
  await setRolePermissions(admin, roleId, { view_invoice: "all" }, terms);
  expect(await setRolePermissions(admin, roleId, { create_invoice: "all" }, terms)).toEqual({
    outcome: "rejected",
    reason: "stale",
    version: 2,
  });
  expect(await findRole(admin, roleId)).toMatchObject({ grants: { view_invoice: "all" } });
});

test.each([
  ["a permission that nobody checks", { fly: "all" }, "unknown-permission"],
  ["the name of a built-in", { constructor: "all" }, "unknown-permission"],
  ["one's own of what nobody owns", { view_roles: "own" }, "no-owner"],
] as const)("a role cannot give %s", async (_name, grants, reason) => {
  const roleId = await aRole({});
  expect(await setRolePermissions(admin, roleId, grants, TERMS)).toMatchObject({
    outcome: "rejected",
    reason,
  });
  expect(await createRole(admin, aNewRole(grants))).toMatchObject({ outcome: "rejected", reason });
});

test("nobody creates a role that gives what they lack (ATK-42)", async () => {
  const caller = await aCallerHolding({ manage_roles: "all", view_invoice: "own" });
  expect(await createRole(caller, aNewRole({ view_invoice: "own" }))).toMatchObject({
    outcome: "created",
  });
  const wider = await createRole(caller, aNewRole({ view_invoice: "all" }));
  expect(wider).toMatchObject({
    outcome: "rejected",
    reason: "beyond-own-permissions",
    missing: ["view_invoice"],
  });
  const events = await eventsOf(caller);
  expect(events.at(-1)).toMatchObject({ action: "authorization.denied", outcome: "denied" });
  expect(wider).toMatchObject({ decisionId: events.at(-1)?.id });
});

test("nobody raises themselves through a role that they have and may edit (ATK-42)", async () => {
  const user = await aUser({ roles: [] });
  const roleId = await aRole({ manage_roles: "all", view_invoice: "own" });
  await give(user.id, roleId);
  const caller = await callerWith(await aSession(user.id));
  const before = await holdingsOf(user.id);
  for (const grants of [
    { ...before, view_invoice: "all" },
    { ...before, assign_roles: "all" },
  ] as const) {
    expect(await setRolePermissions(caller, roleId, grants, TERMS)).toMatchObject({
      outcome: "rejected",
      reason: "beyond-own-permissions",
    });
  }
  expect(await holdingsOf(user.id)).toEqual(before);
});

test("a role that gives more than somebody holds is not theirs to rename, cut or delete (ATK-42)", async () => {
  const caller = await aCallerHolding({ manage_roles: "all", view_invoice: "all" });
  const roleId = await aRole({ view_invoice: "all", delete_invoice: "all" });
  const refusal = {
    outcome: "rejected",
    reason: "beyond-own-permissions",
    missing: ["delete_invoice"],
  };
  expect(await describeRole(caller, roleId, { name: "Mine" }, TERMS)).toMatchObject(refusal);
  expect(await setRolePermissions(caller, roleId, {}, TERMS)).toMatchObject(refusal);
  expect(await deleteRole(caller, roleId, TERMS)).toMatchObject(refusal);
});

test("somebody without the permission changes no role, and every refusal is recorded", async () => {
  const caller = await aCallerHolding({ view_roles: "all" });
  const roleId = await aRole({});
  const attempts = [
    (again: Caller) => createRole(again, aNewRole()),
    (again: Caller) => describeRole(again, roleId, { name: "Mine" }, TERMS),
    (again: Caller) => setRolePermissions(again, roleId, {}, TERMS),
    (again: Caller) => deleteRole(again, roleId, TERMS),
  ];
  for (const attempt of attempts) {
    const again = { ...caller, request: aRequest() };
    await expect(attempt(again)).rejects.toThrow(AccessDenied);
    expect(await eventsOf(again)).toMatchObject([{ outcome: "denied" }]);
  }
});

test("whoever would lose permissions by a change of a role confirms it first (ATK-44)", async () => {
  const user = await aUserHolding({ manage_roles: "all" });
  const roleId = await aRole({ view_invoice: "all", view_users: "all" });
  await give(user.id, roleId);
  const caller = await callerWith(await aSession(user.id));
  const unsure = { outcome: "rejected", reason: "confirmation-required" };
  const cut = { view_users: "all" } as const;
  expect(await setRolePermissions(caller, roleId, cut, TERMS)).toEqual({
    ...unsure,
    lost: ["view_invoice"],
  });
  expect(await deleteRole(caller, roleId, TERMS)).toEqual({
    ...unsure,
    lost: ["view_invoice", "view_users"],
  });
  expect(await holdingsOf(user.id)).toMatchObject({ view_invoice: "all", view_users: "all" });
  const sure = { expectedVersion: null, confirmed: true };
  expect(await setRolePermissions(caller, roleId, cut, sure)).toMatchObject({ outcome: "changed" });
  expect(await deleteRole(caller, roleId, sure)).toEqual({ outcome: "deleted" });
  expect(await holdingsOf(user.id)).toEqual({ manage_roles: "all" });
});

test("deleting a role takes it from whoever had it, and the log keeps what it gave", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const roleId = await aRole({ view_invoice: "own" }, "Short-lived");
  const { id } = await aUser({ roles: [] });
  await give(id, roleId);
  expect(await deleteRole(caller, roleId, TERMS)).toEqual({ outcome: "deleted" });
  expect(await holdingsOf(id)).toEqual({});
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "role.deleted",
      before: { name: "Short-lived", permissions: ["view_invoice (own)"], userCount: 1 },
    },
  ]);
});

test("roles of another organization do not exist here (ATK-43)", async () => {
  const foreign = await aForeignCaller(["Admin"]);
  const { organizationId } = foreign.principal;
  const roleId = newId();
  await prisma().role.create({ data: { id: roleId, organizationId, name: "Foreign" } });
  expect(await findRole(admin, roleId)).toBeNull();
  expect(await deleteRole(admin, roleId, TERMS)).toEqual({ outcome: "not-found" });
  expect(await findRole(foreign, roleId)).toMatchObject({ name: "Foreign" });
  expect(await findRole(admin, "not an id")).toBeNull();
});

test("whoever holds permissions in one organization only makes roles and changes roles there only", async () => {
  const { principal } = admin;
  const { id } = await aUser({ roles: [] });
  const own = { organizationId: principal.organizationId };
  await give(id, await aRole({ manage_roles: "all", view_invoice: "all" }), own);
  const caller = await callerWith(await aSession(id));
  expect(await createRole(caller, aNewRole({ view_invoice: "all" }))).toMatchObject({
    outcome: "created",
    role: own,
  });
  const everywhere = await aRole({ view_invoice: "all" });
  expect(await setRolePermissions(caller, everywhere, {}, TERMS)).toMatchObject({
    reason: "beyond-own-permissions",
  });
});

test("a role of one organization does not pass for one of the whole installation by its name (ATK-42)", async () => {
  const { principal } = admin;
  const own = { organizationId: principal.organizationId };
  const { id } = await aUser({ roles: [] });
  await give(id, await aRole({ manage_roles: "all" }), own);
  const delegate = await callerWith(await aSession(id));
  const taken = { outcome: "rejected", reason: "name-taken" };
  const name = `Wiki-Ä ${newId()}`;
  const create = (caller: Caller, wish: string) =>
    createRole(caller, { ...aNewRole(), name: wish });
  expect(await create(admin, name)).toMatchObject({ outcome: "created" });
  const ours = await create(delegate, `Ours ${newId()}`);
  if (ours.outcome !== "created") throw new Error(ours.outcome);
  expect(ours.role).toMatchObject(own);
  for (const same of [name, name.toUpperCase(), name.toLowerCase(), name.replace("W", "Ｗ")]) {
    for (const caller of [delegate, admin]) expect(await create(caller, same)).toEqual(taken);
    expect(await describeRole(delegate, ours.role.id, { name: same }, TERMS)).toEqual(taken);
  }
  // Nor does one of the whole installation come to be called as one that somebody gives already.
  expect(await create(admin, ours.role.name.toUpperCase())).toEqual(taken);
  // Its own name in other letters is no other's.
  const renamed = { name: ours.role.name.toUpperCase() };
  expect(await describeRole(delegate, ours.role.id, renamed, TERMS)).toMatchObject({
    outcome: "changed",
  });
  // One that bears such a name from before can still be described, and be given another.
  const former = newId();
  await prisma().role.create({ data: { id: former, ...own, name: name.toUpperCase() } });
  const described = { description: "From before" };
  for (const change of [described, { name: `Another ${newId()}` }]) {
    expect(await describeRole(delegate, former, change, TERMS)).toMatchObject({
      outcome: "changed",
    });
  }
});

test("roles of two organizations may have one name, and it is nobody's business in the other", async () => {
  const name = `Editors ${newId()}`;
  for (const slug of [newId(), newId()]) {
    const { id: organizationId } = await prisma().organization.create({
      data: { slug, name: "Elsewhere" },
    });
    const { id: userId } = await aUser({ roles: [] });
    await prisma().membership.create({ data: { userId, organizationId } });
    await give(userId, await aRole({ manage_roles: "all" }), { organizationId });
    const { principal, request } = await callerWith(await aSession(userId));
    const caller = { request, principal: { ...principal, organizationId } };
    expect(await createRole(caller, { ...aNewRole(), name })).toMatchObject({
      outcome: "created",
      role: { organizationId },
    });
  }
});

test("walking through the roles meets each once, in the order of their names", async () => {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRoles(admin, { cursor, limit: 3 });
    if (page.outcome !== "listed") throw new Error("a cursor of ours was refused");
    names.push(...page.roles.map((role) => role.name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const rows = await prisma().role.findMany({
    where: { organizationId: null },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const visible = await prisma().role.count({
    where: { OR: [{ organizationId: null }, { organizationId: admin.principal.organizationId }] },
  });
  expect(names).toHaveLength(visible);
  expect(names).toEqual(expect.arrayContaining(rows.map((role) => role.name)));
  expect(await listRoles(admin, { cursor: "x", limit: 3 })).toEqual({
    outcome: "rejected",
    reason: "unknown-cursor",
  });
});

test("every permission that the code checks is listed, with whether one can own its records", async () => {
  const permissions = await listPermissions(admin);
  expect(permissions).toContainEqual(
    expect.objectContaining({ key: "view_invoice", resourceType: "Invoice", ownable: true }),
  );
  expect(permissions).toContainEqual(
    expect.objectContaining({ key: "manage_roles", ownable: false }),
  );
});

test("the default roles are as the first start leaves them", async () => {
  expect(await findRole(admin, await roleIdNamed("User"))).toMatchObject({
    isDefault: true,
    grants: { view_invoice: "own" },
  });
});

test("saving a role's name and description as they are is no change, and no event", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const roleId = await aRole({}, `Same ${newId()}`);
  const before = await prisma().role.findUniqueOrThrow({ where: { id: roleId } });
  for (const change of [{}, { name: before.name, description: before.description }]) {
    const result = await describeRole(caller, roleId, change, TERMS);
    expect(result).toMatchObject({ outcome: "changed", role: { version: before.version } });
  }
  expect(await eventsOf(caller)).toEqual([]);
});

test("only a name that is taken is told as such; what is broken stays an error", async () => {
  const wrong = { name: "\u0000", description: "no text for a database" };
  await expect(createRole(admin, { ...wrong, grants: {} })).rejects.toThrow(
    "invalid byte sequence",
  );
  const roleId = await aRole({});
  await expect(describeRole(admin, roleId, wrong, TERMS)).rejects.toThrow("invalid byte sequence");
  expect(await prisma().role.count({ where: { description: wrong.description } })).toBe(0);
});

test("a limit that this version cannot read is shown as such, and whoever holds more may replace it (FLT-26)", async () => {
  const roleId = await aRole({ view_invoice: "own" });
  await prisma().rolePermission.updateMany({
    where: { roleId },
    data: { condition: { kind: "from-a-later-version" } },
  });
  const role = await findRole(admin, roleId);
  expect(role?.grants).toEqual({ view_invoice: "unreadable" });
  const wider = await setRolePermissions(admin, roleId, { view_invoice: "all" }, TERMS);
  expect(wider.outcome).toBe("changed");
});

test("roles are walked forth and back, each once, in the order of their names", async () => {
  const names: string[] = [];
  const cursors: (string | undefined)[] = [undefined];
  const read = async (cursor: string | undefined) => {
    const page = await listRoles(admin, { cursor, limit: 3 });
    if (page.outcome !== "listed") throw new Error(page.reason);
    return page;
  };
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await read(cursor);
    names.push(...page.roles.map(({ name }) => name));
    cursor = page.nextCursor;
    if (cursor !== null) cursors.push(cursor);
  }
  expect(new Set(names).size).toBe(names.length);
  const { organizationId } = admin.principal;
  const visible = { OR: [{ organizationId: null }, { organizationId }] };
  expect(names.length).toBe(await prisma().role.count({ where: visible }));
  const last = await read(cursors.at(-1));
  const before = await read(last.previousCursor ?? "");
  expect(before.roles).toEqual((await read(cursors.at(-2))).roles);
});
