import { beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { moveTeam } from "@/lib/teams/move-team";
import { removeTeamMember } from "@/lib/teams/team-members";
import { assignRoles } from "@/lib/users/assign-roles";
import { aCaller } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { aRole, roleIdsOf } from "@/tests/support/roles";
import { aTeam } from "@/tests/support/teams";

// A change of roles or teams can bring a denial over its own author, who is asked first (ATK-44).

const ASKED = { outcome: "rejected", reason: "confirmation-required", lost: ["delete_invoice"] };
const UNASKED = { expectedVersion: null, confirmed: false };

let admin: Caller;
let self = "";

beforeEach(async () => {
  await prisma().policy.deleteMany();
  admin = await aCaller({ roles: ["Admin"] });
  self = admin.principal.userId;
});

test("a role that a denial asks for is taken on by who confirms it", async () => {
  const roleId = await aRole({});
  await aPolicy(["delete_invoice"], { condition: { kind: "role", ids: [roleId] } });
  const wanted = [...(await roleIdsOf(self)), roleId];
  expect(await assignRoles(admin, self, wanted, UNASKED)).toEqual(ASKED);
  const confirmed = { confirmed: true };
  expect(await assignRoles(admin, self, wanted, confirmed)).toMatchObject({ outcome: "assigned" });
});

test("so is a place in a team without which a denial counts, by leaving it and by where it is moved", async () => {
  const above = await aTeam();
  const teamId = await aTeam({ parentId: above, members: [self] });
  const condition = { kind: "not", condition: { kind: "team", ids: [above] } };
  await aPolicy(["delete_invoice"], { condition });
  expect(await removeTeamMember(admin, teamId, self, UNASKED)).toEqual(ASKED);
  expect(await moveTeam(admin, teamId, null, UNASKED)).toEqual(ASKED);
  const another = await aTeam({ members: [self] });
  expect(await removeTeamMember(admin, another, self, UNASKED)).toMatchObject({ outcome: "done" });
});
