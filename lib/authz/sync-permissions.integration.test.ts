import { expect, test } from "vitest";
import { PERMISSIONS } from "@/app/permissions";
import { syncPermissions } from "@/lib/authz/sync-permissions";
import { prisma } from "@/lib/platform/db/client";
import { race } from "@/tests/support/race";

const EXTRA = { key: "view_extra", resourceType: "Extra", description: "Only in this test." };

const keysOf = async (name: string) => {
  const grants = await prisma().rolePermission.findMany({
    where: { role: { name } },
    include: { permission: true },
  });
  return grants.map(({ permission }) => permission.key).sort();
};

test("ten instances that start together leave one organization and each default role once", async () => {
  // The template may be one that was started on; this is about one that was not.
  await prisma().instance.deleteMany();
  await prisma().organization.deleteMany();
  await prisma().role.deleteMany();
  await prisma().permission.deleteMany();
  const results = await race(10, () => syncPermissions(PERMISSIONS));
  expect(results.filter(({ created }) => created.length > 0)).toHaveLength(1);
  expect(await prisma().organization.count()).toBe(1);
  expect(await prisma().role.count()).toBe(3);
  expect(await keysOf("Admin")).toEqual(PERMISSIONS.map(({ key }) => key).sort());
});

test("roles are data: a second sync leaves what was edited as it is (D6)", async () => {
  await prisma().role.updateMany({ where: { name: "Manager" }, data: { name: "Clerk" } });
  await prisma().rolePermission.deleteMany({ where: { role: { name: "User" } } });
  await syncPermissions(PERMISSIONS);
  expect(await prisma().role.count({ where: { name: "Manager" } })).toBe(0);
  expect(await keysOf("User")).toEqual([]);
});

test("a new permission goes to the role that held every other one, and to no other", async () => {
  const { created } = await syncPermissions([...PERMISSIONS, EXTRA]);
  expect(created).toEqual([EXTRA.key]);
  expect(await keysOf("Admin")).toContain(EXTRA.key);
  expect(await keysOf("Clerk")).not.toContain(EXTRA.key);
});

test("a permission that the code no longer checks disappears with its grants", async () => {
  await syncPermissions(PERMISSIONS);
  expect(await keysOf("Admin")).not.toContain(EXTRA.key);
  expect(await prisma().permission.count({ where: { key: EXTRA.key } })).toBe(0);
});

test("a permission's words follow the code, and whoever has it keeps it", async () => {
  const [first, ...rest] = PERMISSIONS;
  if (!first) throw new Error("there are no permissions");
  const before = await keysOf("Admin");
  await syncPermissions([{ ...first, description: "Other words." }, ...rest]);
  const stored = await prisma().permission.findUniqueOrThrow({ where: { key: first.key } });
  expect(stored.description).toBe("Other words.");
  expect(await keysOf("Admin")).toEqual(before);
});
