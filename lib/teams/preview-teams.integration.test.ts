import { beforeAll, expect, test } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import { can } from "@/lib/authz/decide";
import type { Probe } from "@/lib/authz/impact/probe";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";
import { deleteTeam } from "@/lib/teams/delete-team";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { aCaller, aUser, callerOf } from "@/tests/support/builders";
import { impactOf, toldBy } from "@/tests/support/previews";
import { aCallerHolding, aRole } from "@/tests/support/roles";
import { aTeam } from "@/tests/support/teams";

// What a change of a team does to whoever is in it, before it is made (F87).

let admin: Caller;
const moved = (probe?: Probe) => ({ expectedVersion: null, confirmed: false, probe });
const part = (probe?: Probe) => ({ confirmed: false, probe });

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const mayView = async (userId: string) => can(await callerOf(userId), INVOICE_PERMISSIONS.view);

/** The preview names this of one person, and the save then does it. */
async function foretells(
  run: (probe?: Probe) => Promise<{ outcome: string }>,
  userId: string,
  difference: "gained" | "lost",
  userIds: string[] = [],
) {
  const before = await mayView(userId);
  const impact = await impactOf(admin, run, userIds);
  expect(toldBy(impact)).toEqual({ [userId]: [`${difference} view_invoice`] });
  expect(impact).toMatchObject({ people: 1, foretold: null });
  expect(await mayView(userId)).toBe(before);
  expect(["done", "changed", "deleted"]).toContain((await run()).outcome);
  expect(await mayView(userId)).toBe(difference === "gained");
}

test("giving and taking a team's role, members, moves and deletion are told before they are done", async () => {
  const { id } = await aUser({ roles: [] });
  const roleId = await aRole({ view_invoice: "all" });
  const [above, team] = [await aTeam(), await aTeam()];
  const role = { roleId, expiresAt: null };
  const give = (teamId: string) => (probe?: Probe) => giveTeamRole(admin, teamId, role, { probe });
  const move = (parentId: string | null) => (probe?: Probe) =>
    moveTeam(admin, team, parentId, moved(probe));
  const add = (probe?: Probe) => addTeamMember(admin, team, id, { probe });
  const remove = (probe?: Probe) => removeTeamMember(admin, team, id, part(probe));

  // A team that nobody is in gives nothing to anybody.
  expect(await impactOf(admin, give(above))).toMatchObject({ people: 0 });
  await add();
  await foretells(give(team), id, "gained");
  await foretells((probe) => takeTeamRole(admin, team, roleId, part(probe)), id, "lost");
  await give(above)();
  await foretells(move(above), id, "gained");
  await foretells(move(null), id, "lost");
  await move(above)();
  await foretells(remove, id, "lost", [id]);
  await foretells(add, id, "gained", [id]);
  await foretells((probe) => deleteTeam(admin, team, moved(probe)), id, "lost");
});

test("nobody previews in a team what they may not do there (ATK-42)", async () => {
  const [team, roleId] = [await aTeam(), await aRole({ view_invoice: "all" })];
  const below = await aCallerHolding({ manage_teams: "all" });
  expect(
    await previewChange(below, (probe) =>
      giveTeamRole(below, team, { roleId, expiresAt: null }, { probe }),
    ),
  ).toMatchObject({ reason: "beyond-own-permissions", missing: ["view_invoice"] });
  const outsider = await aCallerHolding({ view_teams: "all" });
  await expect(
    previewChange(outsider, (probe) => deleteTeam(outsider, team, moved(probe))),
  ).rejects.toThrow("manage_teams was denied");
});
