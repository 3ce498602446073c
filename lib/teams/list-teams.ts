import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { permissionKeysOf } from "@/lib/authz/holdings";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import type { PageRequest } from "@/lib/shared/keyset-page";
import { TEAMS_MAX } from "@/lib/teams/create-team";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { listMemberRows, type TeamMember } from "@/lib/teams/team-member-store";
import { listTeamRoleRows, type TeamRoleRow } from "@/lib/teams/team-role-store";
import { type CountedTeam, findTeamRow, listLineage, listTeamRows } from "@/lib/teams/team-store";

export type Team = CountedTeam;

const UNKNOWN_CURSOR = { outcome: "rejected", reason: "unknown-cursor" } as const;

export type TeamListing =
  | { outcome: "listed"; teams: Team[]; nextCursor: string | null }
  | typeof UNKNOWN_CURSOR;

/** One page of the teams of the caller's organization, by name. */
export async function listTeams(
  caller: Caller,
  { cursor, limit }: PageRequest,
): Promise<TeamListing> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const after = cursor === undefined ? null : decodeCursor(cursor, CursorText);
  if (cursor !== undefined && after === null) return UNKNOWN_CURSOR;
  const rows = await listTeamRows(caller.principal.organizationId, after, limit + 1);
  const teams = rows.slice(0, limit);
  const last = teams.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor(last.name) : null;
  return { outcome: "listed", teams, nextCursor };
}

export interface TreeTeam extends Team {
  /** 0 at the top. */
  depth: number;
}

/** Every team of the caller's organization, each followed by those within it. */
export async function readTeamTree(caller: Caller): Promise<TreeTeam[]> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  return inOrder(await listTeamRows(caller.principal.organizationId, null, TEAMS_MAX));
}

/** A walk from the top; names decide among neighbours. */
export function inOrder(teams: Team[]): TreeTeam[] {
  const within = Map.groupBy(teams, (team) => team.parentId);
  const below = (parentId: string | null, depth: number): TreeTeam[] =>
    (within.get(parentId) ?? []).flatMap((team) => [
      { ...team, depth },
      ...below(team.id, depth + 1),
    ]);
  return below(null, 0);
}

export interface TeamRole extends TeamRoleRow {
  /** The permissions that it gives whoever is in the team; none while it is void. */
  gives: string[];
}

export interface TeamDetail extends Team {
  /** The teams that it is within, from the top. */
  lineage: { id: string; name: string }[];
}

/** The team, or null when the caller's organization has no such team (ATK-43). */
export async function findTeam(caller: Caller, teamId: string): Promise<TeamDetail | null> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const team = await findTeamRow(teamId, caller.principal.organizationId);
  if (team === null) return null;
  const lineage = await listLineage(team.id);
  return { ...team, lineage: lineage.filter(({ id }) => id !== team.id) };
}

/** The roles of the team and those of all that it is within, or null for no team. */
export async function listTeamRoles(caller: Caller, teamId: string): Promise<TeamRole[] | null> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTransaction(async (tx) => {
    const team = await findTeamRow(teamId, organizationId, tx);
    if (team === null) return null;
    const rows = await listTeamRoleRows(team.id, tx);
    const usable = rows.filter(({ foreign }) => !foreign).map(({ roleId }) => roleId);
    const roles = (await findUsableRoles([...new Set(usable)], organizationId, tx)) ?? [];
    const givenBy = (roleId: string): string[] => {
      const role = roles.find(({ id }) => id === roleId);
      return role ? permissionKeysOf(holdingsOfRole(role, organizationId)) : [];
    };
    return rows.map((row) => ({ ...row, gives: row.expired ? [] : givenBy(row.roleId) }));
  });
}

export type MemberListing =
  | { outcome: "listed"; members: TeamMember[]; nextCursor: string | null }
  | typeof UNKNOWN_CURSOR
  | { outcome: "not-found" };

const Place = z.strictObject({ email: CursorText });

/** One page of who is in the team outright, by address. */
export async function listTeamMembers(
  caller: Caller,
  teamId: string,
  { cursor, limit }: PageRequest,
): Promise<MemberListing> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const team = await findTeamRow(teamId, caller.principal.organizationId);
  if (team === null) return { outcome: "not-found" };
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) return UNKNOWN_CURSOR;
  const after = place?.email ?? null;
  const rows = await listMemberRows(team.id, { within: false, after, countMax: limit + 1 });
  const members = rows.slice(0, limit);
  const last = members.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor({ email: last.email }) : null;
  return { outcome: "listed", members, nextCursor };
}

/** So many are shown of who has something by the teams within a team. */
const WITHIN_MAX = 100;

/** The first who are in a team within this one, and by which; empty for no team. */
export async function listMembersWithin(caller: Caller, teamId: string): Promise<TeamMember[]> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const team = await findTeamRow(teamId, caller.principal.organizationId);
  if (team === null) return [];
  const rows = await listMemberRows(team.id, { within: true, after: null, countMax: WITHIN_MAX });
  return rows.filter((row) => row.teamId !== team.id);
}
