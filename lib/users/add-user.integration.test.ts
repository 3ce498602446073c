import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { addUser } from "@/lib/users/add-user";
import { anInstance } from "@/tests/support/builders";
import { aCallerHolding, type Grants, roleIdNamed } from "@/tests/support/roles";

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
  await expect(addUser(caller, user, async () => {})).rejects.toBeInstanceOf(AccessDenied);
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});
