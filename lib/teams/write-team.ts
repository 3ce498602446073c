import "server-only";
import { type Authority, actorOf, recordBy } from "@/lib/authz/authority";
import type { Db } from "@/lib/platform/db/client";
import { inTenant, type TenantDb } from "@/lib/platform/db/tenant";
import { targetOf } from "@/lib/teams/team-change";
import { isNameTaken } from "@/lib/teams/team-name";
import { deleteTeamRole, putTeamRole } from "@/lib/teams/team-role-store";
import {
  type CountedTeam,
  countTeams,
  countTeamsWithin,
  deleteTeamRow,
  findTeamRow,
  insertTeamRow,
  isWithin,
  type NewTeamRow,
  type TeamRow,
  updateTeamRow,
} from "@/lib/teams/team-store";

// What is judged by itself, written and recorded of a team, whoever has judged that its author may.
// Each runs within a guarded change.

/** A tree of more is read by nobody, and is drawn as a whole. */
export const TEAMS_MAX = 1_000;

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;
const TOO_MANY_TEAMS = { outcome: "rejected", reason: "too-many-teams" } as const;
export const WITHIN_ITSELF = { outcome: "rejected", reason: "within-itself" } as const;
export const NOT_EMPTY = { outcome: "rejected", reason: "has-teams" } as const;
const UNKNOWN_PARENT = { outcome: "rejected", reason: "unknown-parent" } as const;

/** Writes a new team; null when it was. */
export async function writeNewTeam(
  authority: Authority,
  row: NewTeamRow,
  parent: Pick<TeamRow, "name"> | null,
  tx: Db,
): Promise<typeof NAME_TAKEN | typeof TOO_MANY_TEAMS | null> {
  const refusal = await inTenant(row.organizationId, (tenant) => insert(row, tenant), tx);
  if (refusal !== null) return refusal;
  const { name, description } = row;
  const after = { name, description, parent: parent?.name ?? null };
  await recordBy(authority, { action: "team.created", target: targetOf(row.id), after }, tx);
  return null;
}

async function insert(row: NewTeamRow, tenant: TenantDb) {
  if (await isNameTaken(row, row.name, tenant)) return NAME_TAKEN;
  if ((await countTeams(row.organizationId, tenant)) >= TEAMS_MAX) return TOO_MANY_TEAMS;
  await insertTeamRow(row, tenant);
  return null;
}

/** Writes what a team is called; null when it is called so then. */
export async function writeTeamDescription(
  authority: Authority,
  team: TeamRow,
  after: { name: string; description: string },
  tx: Db,
): Promise<typeof NAME_TAKEN | null> {
  const before = { name: team.name, description: team.description };
  if (after.name === before.name && after.description === before.description) return null;
  const renamed = after.name !== before.name;
  const updated = await inTenant(
    team.organizationId,
    async (tenant) => {
      if (renamed && (await isNameTaken(team, after.name, tenant))) return false;
      await updateTeamRow(team.id, after, tenant);
      return true;
    },
    tx,
  );
  if (!updated) return NAME_TAKEN;
  const event = { action: "team.updated", target: targetOf(team.id), before, after };
  await recordBy(authority, event, tx);
  return null;
}

/** Where a team is and where it would be, or why it cannot be there. */
export async function findMove(
  team: TeamRow,
  parentId: string | null,
  tx: Db,
): Promise<
  | { outcome: "fits"; from: CountedTeam | null; to: CountedTeam | null }
  | typeof UNKNOWN_PARENT
  | typeof WITHIN_ITSELF
> {
  const { organizationId } = team;
  const { from, to, within } = await inTenant(
    organizationId,
    async (tenant) => {
      const find = async (id: string | null) =>
        id === null ? null : findTeamRow(id, organizationId, tenant);
      const [place, wanted] = [await find(team.parentId), await find(parentId)];
      return {
        from: place,
        to: wanted,
        within: wanted !== null && (await isWithin(wanted.id, team.id, tenant)),
      };
    },
    tx,
  );
  if (parentId !== null && to === null) return UNKNOWN_PARENT;
  return within ? WITHIN_ITSELF : { outcome: "fits", from, to };
}

/** Puts a team, with all within it, into another one or at the top. */
export async function writeTeamMove(
  authority: Authority,
  { id, organizationId }: TeamRow,
  { from, to }: { from: TeamRow | null; to: TeamRow | null },
  tx: Db,
): Promise<void> {
  const parentId = to?.id ?? null;
  await inTenant(organizationId, (tenant) => updateTeamRow(id, { parentId }, tenant), tx);
  const event = {
    action: "team.moved",
    target: targetOf(id),
    before: { parent: from?.name ?? null },
    after: { parent: to?.name ?? null },
  };
  await recordBy(authority, event, tx);
}

/** Gives a role to a team, in place of a grant of the same role. */
export async function writeTeamRole(
  authority: Authority,
  team: TeamRow,
  role: { id: string; name: string },
  expiresAt: Date | null,
  tx: Db,
): Promise<void> {
  const actor = actorOf(authority);
  const grantedById = actor.type === "user" ? actor.id : null;
  const grant = { teamId: team.id, roleId: role.id, grantedById, expiresAt };
  await inTenant(team.organizationId, (tenant) => putTeamRole(grant, tenant), tx);
  const after = { role: role.name, expiresAt: expiresAt?.toISOString() ?? null };
  const target = targetOf(team.id);
  await recordBy(authority, { action: "team.role_granted", target, after }, tx);
}

/** Takes a role from a team. */
export async function writeTeamRoleRemoval(
  authority: Authority,
  team: TeamRow,
  role: { id: string; name: string },
  tx: Db,
): Promise<void> {
  await inTenant(team.organizationId, (tenant) => deleteTeamRole(team.id, role.id, tenant), tx);
  const before = { role: role.name };
  const target = targetOf(team.id);
  await recordBy(authority, { action: "team.role_removed", target, before }, tx);
}

/** Deletes a team that has no team within it. */
export async function writeTeamDeletion(
  authority: Authority,
  { id, organizationId, name, description, memberCount, roleCount }: CountedTeam,
  tx: Db,
): Promise<typeof NOT_EMPTY | null> {
  const deleted = await inTenant(
    organizationId,
    async (tenant) => {
      if ((await countTeamsWithin(id, tenant)) > 0) return false;
      await deleteTeamRow(id, tenant);
      return true;
    },
    tx,
  );
  if (!deleted) return NOT_EMPTY;
  const before = { name, description, memberCount, roleCount };
  await recordBy(authority, { action: "team.deleted", target: targetOf(id), before }, tx);
  return null;
}
