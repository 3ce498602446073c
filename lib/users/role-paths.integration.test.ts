import { expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { listRolePaths } from "@/lib/users/role-paths";
import { aUser } from "@/tests/support/builders";
import { anOrganization, join } from "@/tests/support/organizations";
import { aCallerHolding, aRole, give } from "@/tests/support/roles";
import { aTeam } from "@/tests/support/teams";

test("each role comes with its way: directly, by a team or one around it, inherited, until when (F90)", async () => {
  const caller = await aCallerHolding({ view_users: "all" });
  const user = await aUser({ roles: [] });
  const [direct, below, byTeam] = [
    await aRole({}, `Direct ${newId()}`),
    await aRole({}, `Inherited ${newId()}`),
    await aRole({}, `By team ${newId()}`),
  ];
  await prisma().roleInheritance.create({ data: { roleId: direct, inheritedRoleId: below } });
  const expiresAt = new Date(Date.now() + 3_600_000);
  await give(user.id, direct, { expiresAt });
  const outer = await aTeam({ roles: [byTeam] });
  const inner = await aTeam({ parentId: outer, members: [user.id] });

  const paths = await listRolePaths(caller, user.id);
  expect(paths.map(({ roleId }) => roleId)).toEqual([direct, byTeam, below]);
  expect(paths[0]).toMatchObject({ inheritedBy: null, team: null, expiresAt });
  expect(paths[1]).toMatchObject({
    inheritedBy: null,
    team: `Team ${outer.slice(-12)}`,
    memberTeam: `Team ${inner.slice(-12)}`,
    expiresAt: null,
  });
  expect(paths[2]).toMatchObject({ inheritedBy: expect.stringMatching(/^Direct/), team: null });
});

test("nothing is told of whoever is no member, nor to whoever may not see users (ATK-43)", async () => {
  const user = await aUser({ roles: [] });
  await give(user.id, await aRole({}));
  const elsewhere = await anOrganization();
  await prisma().membership.deleteMany({ where: { userId: user.id } });
  await join(user.id, elsewhere.id);
  expect(await listRolePaths(await aCallerHolding({ view_users: "all" }), user.id)).toEqual([]);
  await expect(listRolePaths(await aCallerHolding({}), user.id)).rejects.toBeInstanceOf(
    AccessDenied,
  );
});
