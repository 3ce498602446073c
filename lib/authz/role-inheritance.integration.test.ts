import { beforeAll, expect, test } from "vitest";
import { createRole } from "@/lib/authz/create-role";
import { can } from "@/lib/authz/decide";
import { findRole } from "@/lib/authz/list-roles";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { send } from "@/tests/support/api";
import { aCaller, aSession, aUser, callerWith } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, eventsOf, give, roleIdNamed } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const TERMS = { expectedVersion: null, confirmed: false };
let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const inherit = (heir: string, inherited: string) =>
  prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: inherited } });

test("a role gives what the roles that it inherits give, from the next request on (F90)", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const reader = await aRole({ view_invoice: "all" }, `Reader ${newId()}`);
  const clerk = await aRole({ create_invoice: "all" }, `Clerk ${newId()}`);
  const { id } = await aUser({ roles: [] });
  await give(id, clerk);
  const cookie = await aSession(id);
  const mayView = async () => can(await callerWith(cookie), INVOICE_PERMISSIONS.view);
  expect(await mayView()).toBe(false);
  const result = await setRoleInheritance(caller, clerk, [reader], TERMS);
  expect(result).toMatchObject({ outcome: "changed", role: { inherits: [reader], version: 2 } });
  expect(await mayView()).toBe(true);
  const { name } = await prisma().role.findUniqueOrThrow({ where: { id: reader } });
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "role.inheritance_changed",
      targetId: clerk,
      before: { inherits: [] },
      after: { inherits: [name] },
    },
  ]);
  await setRoleInheritance(caller, clerk, [], TERMS);
  expect(await mayView()).toBe(false);
});

test("the same roles again, and each of them twice, are no change", async () => {
  const [one, other] = [await aRole({}), await aRole({})];
  await setRoleInheritance(admin, one, [other], TERMS);
  const again = await setRoleInheritance(admin, one, [other, other], TERMS);
  expect(again).toMatchObject({ outcome: "changed", role: { version: 2 } });
});

test("a way that leads back is refused by the names on it, however long it is (F90)", async () => {
  const suffix = newId().slice(-6);
  const ids = [];
  for (const name of ["A", "B", "C"]) ids.push(await aRole({}, `${name} ${suffix}`));
  const [a = "", b = "", c = ""] = ids;
  await inherit(a, b);
  await inherit(b, c);
  expect(await setRoleInheritance(admin, c, [a], TERMS)).toEqual({
    outcome: "rejected",
    reason: "role-cycle",
    way: ["C", "A", "B", "C"].map((name) => `${name} ${suffix}`),
  });
  expect(await setRoleInheritance(admin, a, [a, b], TERMS)).toEqual({
    outcome: "rejected",
    reason: "role-cycle",
    way: [`A ${suffix}`, `A ${suffix}`],
  });
  expect(await findRole(admin, c)).toMatchObject({ inherits: [], version: 1 });
});

test("of changes that close a circle together one is made, and the others are told why", async () => {
  const ids = [await aRole({}), await aRole({}), await aRole({})];
  const results = await race(15, (index) =>
    setRoleInheritance(admin, ids[index % 3] as string, [ids[(index + 1) % 3] as string], TERMS),
  );
  const refused = results.filter(({ outcome }) => outcome === "rejected");
  expect(refused).toHaveLength(5);
  for (const refusal of refused) expect(refusal).toMatchObject({ reason: "role-cycle" });
  expect(await prisma().roleInheritance.count({ where: { roleId: { in: ids } } })).toBe(2);
});

test("nobody lets a role inherit what they lack themselves, at any distance (ATK-42)", async () => {
  const caller = await aCallerHolding({ manage_roles: "all", view_invoice: "own" });
  const [top, middle, wide] = [
    await aRole({}),
    await aRole({ view_invoice: "own" }),
    await aRole({ view_invoice: "all" }),
  ];
  expect(await setRoleInheritance(caller, top, [middle], TERMS)).toMatchObject({
    outcome: "changed",
  });
  const refusal = { outcome: "rejected", reason: "beyond-own-permissions" };
  expect(await setRoleInheritance(caller, top, [wide], TERMS)).toMatchObject({
    ...refusal,
    missing: ["view_invoice"],
  });
  await inherit(middle, wide);
  // Now the role itself gives more than the caller holds, and a new one would.
  expect(await setRoleInheritance(caller, top, [], TERMS)).toMatchObject(refusal);
  const input = { name: `New ${newId()}`, description: "", grants: {}, inherits: [middle] };
  expect(await createRole(caller, input)).toMatchObject({ ...refusal, missing: ["view_invoice"] });
  expect((await eventsOf(caller)).at(-1)).toMatchObject({ outcome: "denied" });
});

test("another organization's role is none, and one of an organization is none for the instance's (ATK-43)", async () => {
  const foreign = await aForeignCaller([]);
  const elsewhere = await prisma().role.create({
    data: { name: `There ${newId()}`, organizationId: foreign.principal.organizationId },
  });
  const here = await prisma().role.create({
    data: { name: `Here ${newId()}`, organizationId: admin.principal.organizationId },
  });
  const instance = await aRole({});
  const unknown = { outcome: "rejected", reason: "unknown-role" };
  expect(await setRoleInheritance(admin, here.id, [elsewhere.id], TERMS)).toEqual(unknown);
  expect(await setRoleInheritance(admin, instance, [here.id], TERMS)).toEqual(unknown);
  expect(await setRoleInheritance(admin, here.id, [newId()], TERMS)).toEqual(unknown);
  expect(await setRoleInheritance(admin, here.id, [instance], TERMS)).toMatchObject({
    outcome: "changed",
  });
  expect(await setRoleInheritance(admin, elsewhere.id, [], TERMS)).toEqual({
    outcome: "not-found",
  });
});

test("a new role inherits from the start, and in the organization of what it inherits", async () => {
  const here = await prisma().role.create({
    data: { name: `Here ${newId()}`, organizationId: admin.principal.organizationId },
  });
  const created = await createRole(admin, {
    name: `New ${newId()}`,
    description: "",
    grants: {},
    inherits: [here.id],
  });
  expect(created).toMatchObject({
    outcome: "created",
    role: { inherits: [here.id], organizationId: admin.principal.organizationId },
  });
});

test("whoever would lose what came by an inherited role confirms it first (ATK-44)", async () => {
  const top = await aRole({ manage_roles: "all" });
  const lower = await aRole({ view_invoice: "all" });
  await inherit(top, lower);
  const { id } = await aUser({ roles: [] });
  await give(id, top);
  const caller = await callerWith(await aSession(id));
  expect(await setRoleInheritance(caller, top, [], TERMS)).toEqual({
    outcome: "rejected",
    reason: "confirmation-required",
    lost: ["view_invoice"],
  });
  expect(await setRoleInheritance(caller, top, [], { ...TERMS, confirmed: true })).toMatchObject({
    outcome: "changed",
  });
});

test("the API lets a role inherit, and tells by which way one would inherit itself", async () => {
  const cookie = await aSession(admin.principal.userId);
  const lower = await aRole({ view_invoice: "own" }, `Lower ${newId()}`);
  const name = `Upper ${newId()}`;
  const created = await send(cookie, "POST", "/api/v1/roles", { name, inherits: [lower] });
  expect(created).toMatchObject({ status: 201, body: { inherits: [lower], permissions: [] } });
  const { id } = created.body as { id: string };
  const circle = await send(cookie, "PUT", `/api/v1/roles/${lower}/inherits`, { inherits: [id] });
  expect(circle).toMatchObject({ status: 409, body: { code: "role_cycle" } });
  expect((circle.body as { detail: string }).detail).toMatch(/^Lower \S+ > Upper \S+ > Lower \S+$/);
  const changed = await send(cookie, "PUT", `/api/v1/roles/${id}/inherits`, { inherits: [] });
  expect(changed).toMatchObject({ status: 200, body: { inherits: [], version: 2 } });
  const unknown = { inherits: [newId()] };
  expect(await send(cookie, "PUT", `/api/v1/roles/${id}/inherits`, unknown)).toMatchObject({
    status: 422,
    body: { errors: [{ path: "inherits" }] },
  });
});

test("the API says what a change would do and changes nothing", async () => {
  const cookie = await aSession(admin.principal.userId);
  const roleId = await aRole({ view_invoice: "own" });
  const { id, email } = await aUser({ roles: [] });
  await give(id, roleId);
  const preview = await send(cookie, "PUT", `/api/v1/roles/${roleId}/permissions?preview=true`, {
    permissions: ["view_invoice"],
    conditions: {},
  });
  expect(preview).toMatchObject({
    status: 200,
    body: {
      preview: true,
      people: 1,
      named: [
        {
          email,
          lines: [{ permission: "view_invoice", difference: "wider", before: "own", after: "all" }],
        },
      ],
      foretold: null,
    },
  });
  const adminRole = await roleIdNamed("Admin");
  for (const [method, path, body] of [
    ["PUT", `/roles/${roleId}/inherits?preview=true`, { inherits: [adminRole] }],
    ["DELETE", `/roles/${roleId}?preview=true`, undefined],
    ["PUT", `/users/${id}/roles?preview=true`, { roleIds: [] }],
  ] as const) {
    const answer = await send(cookie, method, `/api/v1${path}`, body);
    expect(answer).toMatchObject({ status: 200, body: { preview: true, people: 1 } });
  }
  expect(await findRole(admin, roleId)).toMatchObject({
    version: 1,
    grants: { view_invoice: "own" },
  });
  expect(await prisma().userRole.count({ where: { userId: id } })).toBe(1);
});
