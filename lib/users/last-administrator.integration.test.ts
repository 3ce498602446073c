import { isDeepStrictEqual } from "node:util";
import { beforeEach, expect, test } from "vitest";
import { deleteRole } from "@/lib/authz/delete-role";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles, replaceRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { changeUser, updateUser } from "@/lib/users/update-user";
import { aCaller, anInstance, aRequest } from "@/tests/support/builders";
import { give, roleIdNamed } from "@/tests/support/roles";

const SURE = { confirmed: true };
const TERMS = { expectedVersion: null, confirmed: true };
const LAST = { outcome: "rejected", reason: "last-administrator" };

/** Nobody is an administrator: each test makes its own. */
beforeEach(async () => {
  await anInstance();
  await prisma().userRole.deleteMany({ where: { role: { name: "Admin" } } });
});

const anAdmin = () => aCaller({ roles: ["Admin"] });
const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

/** Counted without the code under test: active users with every permission unconditionally. */
async function administrators(): Promise<number> {
  const total = await prisma().permission.count();
  const users = await prisma().user.findMany({
    where: { status: "active" },
    select: { roles: { select: { role: { select: { permissions: true } } } } },
  });
  return users.filter(({ roles }) => {
    const grants = roles.flatMap(({ role }) => role.permissions);
    const unconditional = grants.filter((grant) => grant.condition === null);
    return new Set(unconditional.map((grant) => grant.permissionId)).size === total;
  }).length;
}

const WAYS: [string, (caller: Caller, id: string) => Promise<unknown>][] = [
  ["taking the role away", (caller, id) => assignRoles(caller, id, [], SURE)],
  ["disabling", (caller, id) => updateUser(caller, id, { status: "disabled" }, SURE)],
  ["deleting", (caller, id) => deleteUser(caller, id, SURE)],
  [
    "cutting the role",
    async (caller) =>
      setRolePermissions(caller, await roleIdNamed("Admin"), { view_users: "all" }, TERMS),
  ],
  [
    "limiting the role to one's own",
    async (caller) => {
      const keys = (await prisma().permission.findMany()).map(({ key }) => key);
      const grants = Object.fromEntries(keys.map((key) => [key, "all" as const]));
      const wanted = { ...grants, view_invoice: "own" as const };
      return setRolePermissions(caller, await roleIdNamed("Admin"), wanted, TERMS);
    },
  ],
  ["deleting the role", async (caller) => deleteRole(caller, await roleIdNamed("Admin"), TERMS)],
];

test.each(WAYS)(
  "the last administrator is not removed by %s, even confirmed (ATK-44)",
  async (_name, way) => {
    const caller = await anAdmin();
    const events = await prisma().auditEvent.count();
    expect(await way(caller, caller.principal.userId)).toEqual(LAST);
    expect(await administrators()).toBe(1);
    expect(await prisma().auditEvent.count()).toBe(events);
  },
);

test("one of two administrators can go", async () => {
  const [caller, other] = [await anAdmin(), await anAdmin()];
  const { userId } = other.principal;
  expect(await assignRoles(caller, userId, [], SURE)).toMatchObject({ outcome: "assigned" });
  expect(await administrators()).toBe(1);
});

test("a disabled or invited administrator is none", async () => {
  const caller = await anAdmin();
  await aCaller({ roles: ["Admin"] }).then(({ principal }) =>
    prisma().user.update({ where: { id: principal.userId }, data: { status: "pending" } }),
  );
  expect(await assignRoles(caller, caller.principal.userId, [], SURE)).toEqual(LAST);
});

test("an administrator for a time does not take the last lasting one's place", async () => {
  const [caller, temporary] = [await anAdmin(), await aCaller({ roles: [] })];
  const expiresAt = new Date(Date.now() + 3_600_000);
  await give(temporary.principal.userId, await roleIdNamed("Admin"), { expiresAt });
  expect(await assignRoles(caller, caller.principal.userId, [], SURE)).toEqual(LAST);
});

test("where there is no administrator, changes are not held up", async () => {
  await anAdmin();
  await prisma().userRole.deleteMany({ where: { role: { name: "Admin" } } });
  const { principal } = await aCaller();
  const operator = { kind: "operator", request: aRequest() } as const;
  expect(await changeUser(operator, principal.userId, { status: "disabled" }, true)).toMatchObject({
    outcome: "updated",
  });
});

test("the command line does not remove the last administrator either", async () => {
  const { principal } = await anAdmin();
  const operator = { kind: "operator", request: aRequest() } as const;
  expect(await replaceRoles(operator, principal.userId, () => [], SURE)).toEqual(LAST);
  expect(await changeUser(operator, principal.userId, { status: "disabled" }, true)).toEqual(LAST);
});

const ROUNDS = 20;
const RACE = { timeout: 120_000 };

/** As before the first round: active, and administrators again. */
async function restore(callers: Caller[]): Promise<void> {
  const roleId = await roleIdNamed("Admin");
  const ids = callers.map(({ principal }) => principal.userId);
  await prisma().user.updateMany({ where: { id: { in: ids } }, data: { status: "active" } });
  await prisma().userRole.deleteMany({ where: { roleId } });
  for (const id of ids) await give(id, roleId);
}

test(
  `of two administrators who demote each other at once one remains, ${ROUNDS} times (ATK-44)`,
  RACE,
  async () => {
    const [a, b] = [await anAdmin(), await anAdmin()];
    for (let round = 0; round < ROUNDS; round += 1) {
      await restore([a, b]);
      const results = await Promise.all([
        assignRoles(again(a), b.principal.userId, [], SURE).catch(() => "denied"),
        assignRoles(again(b), a.principal.userId, [], SURE).catch(() => "denied"),
      ]);
      expect(results).toContainEqual({ outcome: "assigned", roles: [], changed: true });
      expect(await administrators()).toBe(1);
    }
  },
);

test(
  `of several administrators who all leave at once one remains, ${ROUNDS} times (ATK-44)`,
  RACE,
  async () => {
    const callers = [await anAdmin(), await anAdmin(), await anAdmin(), await anAdmin()];
    for (let round = 0; round < ROUNDS; round += 1) {
      await restore(callers);
      const results = await Promise.all(
        callers.map((caller, index) =>
          WAYS[index % 2]?.[1](again(caller), caller.principal.userId),
        ),
      );
      expect(results.filter((result) => isDeepStrictEqual(result, LAST))).toHaveLength(1);
      expect(await administrators()).toBe(1);
    }
  },
);
