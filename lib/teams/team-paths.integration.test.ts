import { beforeAll, describe, expect, test } from "vitest";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { deleteTeam } from "@/lib/teams/delete-team";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { aCaller, anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { aRole } from "@/tests/support/roles";
import { anOrganization, aTeam, defaultOrganizationId, putIntoTeam } from "@/tests/support/teams";

// A permission that somebody has by a team is gone on the very next request after whatever made
// it so has ended, by whoever's hand: through the product, and past it (F87, D5).

let admin: Caller;
let role: string;
const terms = { expectedVersion: null, confirmed: false };

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
  role = await aRole({ view_invoice: "all" });
});

/** Whether the next request of this session may see invoices; null when there is no session any more. */
async function mayView(cookie: string): Promise<boolean | null> {
  const principal = await findPrincipal(cookie);
  return principal && can({ principal, request: aRequest() }, INVOICE_PERMISSIONS.view);
}

interface Place {
  cookie: string;
  userId: string;
  /** Has the role. */
  above: string;
  /** Within the first, and has the user in it. */
  team: string;
}

async function aPlace(): Promise<Place> {
  const { id: userId } = await aUser({ roles: [] });
  const cookie = await aSession(userId);
  expect(await mayView(cookie)).toBe(false);
  const above = await aTeam({ roles: [role] });
  const team = await aTeam({ parentId: above, members: [userId] });
  expect(await mayView(cookie)).toBe(true);
  return { cookie, userId, above, team };
}

const sql = (statement: string, ...values: unknown[]) =>
  prisma().$executeRawUnsafe(statement, ...values);

test.each<[string, (place: Place) => Promise<unknown>]>([
  ["the team membership ends", ({ team, userId }) => removeTeamMember(admin, team, userId, terms)],
  [
    "the team membership ends, by SQL",
    ({ team, userId }) =>
      sql(
        "DELETE FROM team_memberships WHERE team_id = $1::uuid AND user_id = $2::uuid",
        team,
        userId,
      ),
  ],
  ["all team memberships end, by SQL", () => sql("TRUNCATE team_memberships")],
  ["the team's role is taken", ({ above }) => takeTeamRole(admin, above, role, terms)],
  [
    "the team's role is taken, by SQL",
    ({ above }) => sql("DELETE FROM team_roles WHERE team_id = $1::uuid", above),
  ],
  [
    "the team's role runs out, by SQL",
    ({ above }) =>
      sql(
        "UPDATE team_roles SET expires_at = now() - interval '1 second' WHERE team_id = $1::uuid",
        above,
      ),
  ],
  ["the team is moved", ({ team }) => moveTeam(admin, team, null, terms)],
  [
    "the team is moved, by SQL",
    ({ team }) => sql("UPDATE teams SET parent_id = NULL WHERE id = $1::uuid", team),
  ],
  ["the team is deleted", ({ team }) => deleteTeam(admin, team, terms)],
  ["the team is deleted, by SQL", ({ team }) => sql("DELETE FROM teams WHERE id = $1::uuid", team)],
  [
    "the role gives it no more, by SQL",
    async ({ above }) => {
      const other = await aRole({ view_invoice: "all" });
      await sql("UPDATE team_roles SET role_id = $2::uuid WHERE team_id = $1::uuid", above, other);
      await sql("DELETE FROM role_permissions WHERE role_id = $1::uuid", other);
    },
  ],
])("a permission by a team is gone on the next request once %s", async (_how, end) => {
  const place = await aPlace();
  await end(place);
  expect(await mayView(place.cookie)).toBe(false);
});

test("a permission by a team is gone once the membership of the organization ends, and does not come back with it", async () => {
  const place = await aPlace();
  await sql("DELETE FROM memberships WHERE user_id = $1::uuid", place.userId);
  expect(await mayView(place.cookie)).toBeNull();
  await prisma().membership.create({
    data: { userId: place.userId, organizationId: await defaultOrganizationId() },
  });
  expect(await mayView(place.cookie)).toBe(false);
});

test("a role of a team runs out by the clock alone, without a job or a change", async () => {
  const { id: userId } = await aUser({ roles: [] });
  const cookie = await aSession(userId);
  const team = await aTeam({ members: [userId] });
  const expiresAt = new Date(Date.now() + 1_500);
  expect(await giveTeamRole(admin, team, { roleId: role, expiresAt })).toMatchObject({
    outcome: "done",
    changed: true,
  });
  expect(await mayView(cookie)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, expiresAt.getTime() - Date.now() + 100));
  expect(await mayView(cookie)).toBe(false);
});

test("a permission by a team is there on the next request, whatever made it so", async () => {
  const { id: userId } = await aUser({ roles: [] });
  const cookie = await aSession(userId);
  const [above, team] = [await aTeam(), await aTeam()];
  await addTeamMember(admin, team, userId);
  await giveTeamRole(admin, above, { roleId: role, expiresAt: null });
  expect(await mayView(cookie)).toBe(false);
  await moveTeam(admin, team, above, terms);
  expect(await mayView(cookie)).toBe(true);
});

describe("a team of another organization", () => {
  test("gives its members nothing here, and those of other teams nothing at all", async () => {
    const place = await aPlace();
    await sql("DELETE FROM team_roles WHERE team_id = $1::uuid", place.above);
    const organizationId = await anOrganization();
    await prisma().membership.create({ data: { userId: place.userId, organizationId } });
    await aTeam({ organizationId, roles: [role], members: [place.userId] });
    expect(await mayView(place.cookie)).toBe(false);
  });

  test("cannot have members of this one, nor be above a team of this one, not even by SQL", async () => {
    const { id: userId } = await aUser({ roles: [] });
    const organizationId = await anOrganization();
    const [team, own] = [await aTeam({ organizationId }), await aTeam()];
    await expect(putIntoTeam(team, userId, organizationId)).rejects.toThrow(/./);
    await expect(putIntoTeam(team, userId)).rejects.toThrow(/./);
    await expect(
      sql("UPDATE teams SET parent_id = $1::uuid WHERE id = $2::uuid", team, own),
    ).rejects.toThrow(/./);
  });
});

test("a role of another organization gives nothing by a team, though its row is there", async () => {
  const { id: userId } = await aUser({ roles: [] });
  const cookie = await aSession(userId);
  const foreign = await aRole({ view_invoice: "all" });
  const organizationId = await anOrganization();
  await prisma().role.update({ where: { id: foreign }, data: { organizationId } });
  const team = await aTeam({ roles: [foreign], members: [userId] });
  expect(await mayView(cookie)).toBe(false);
  expect(await giveTeamRole(admin, team, { roleId: foreign, expiresAt: null })).toMatchObject({
    reason: "unknown-role",
  });
  await prisma().role.update({ where: { id: foreign }, data: { organizationId: null } });
  expect(await mayView(await aSession(userId)), "of no organization, it gives it").toBe(true);
});
