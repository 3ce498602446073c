import { expect, test } from "vitest";
import { PERMISSIONS } from "@/app/permissions";
import { listHeldPermissions } from "@/lib/authz/list-held-permissions";
import { prisma } from "@/lib/platform/db/client";
import { aCaller } from "@/tests/support/builders";

const heldBy = async (roles: string[]) => listHeldPermissions(await aCaller({ roles }));

test("the role User holds one permission, for own records", async () => {
  expect(await heldBy(["User"])).toEqual([{ key: "view_invoice", reach: "own" }]);
});

test("a grant without a condition outweighs one for own records", async () => {
  const held = await heldBy(["User", "Manager"]);
  expect(held).toContainEqual({ key: "view_invoice", reach: "all" });
  expect(held).toHaveLength(4);
});

test("the role Admin holds everything, and nobody without a role holds anything", async () => {
  const all = PERMISSIONS.map(({ key }) => ({ key, reach: "all" }));
  expect(await heldBy(["Admin"])).toEqual(expect.arrayContaining(all));
  expect(await heldBy([])).toEqual([]);
});

test("a condition that cannot be read grants nothing, and is not shown as if it did", async () => {
  const caller = await aCaller({ roles: ["User"] });
  await prisma().rolePermission.updateMany({
    where: { role: { name: "User" } },
    data: { condition: { kind: "of-tomorrow" } },
  });
  expect(
    await listHeldPermissions({
      ...caller,
      principal: { ...caller.principal, grantsVersion: "next" },
    }),
  ).toEqual([]);
});
