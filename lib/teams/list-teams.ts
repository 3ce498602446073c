import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { permissionKeysOf } from "@/lib/authz/holdings";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { listMemberRows, type TeamMember } from "@/lib/teams/team-member-store";
import { listTeamRoleRows, type TeamRoleRow } from "@/lib/teams/team-role-store";
import {
  type CountedTeam,
  findTeamRow,
  listLineage,
  listTeamRows,
  listTeamsCalled,
} from "@/lib/teams/team-store";
import { TEAMS_MAX } from "@/lib/teams/write-team";

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
  const { organizationId } = caller.principal;
  const rows = await inTenant(organizationId, (tenant) =>
    listTeamRows(organizationId, after, limit + 1, tenant),
  );
  const teams = rows.slice(0, limit);
  const last = teams.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor(last.name) : null;
  return { outcome: "listed", teams, nextCursor };
}

/** The first of the teams of the caller's organization that are called so, by name. */
export async function searchTeams(
  caller: Caller,
  q: string,
  countMax: number,
): Promise<{ id: string; name: string }[]> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) => listTeamsCalled(q, organizationId, countMax, tenant));
}

export interface TreeTeam extends Team {
  /** 0 at the top. */
  depth: number;
}

/** Every team of the caller's organization, each followed by those within it. */
export async function readTeamTree(caller: Caller): Promise<TreeTeam[]> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inOrder(
    await inTenant(organizationId, (tenant) =>
      listTeamRows(organizationId, null, TEAMS_MAX, tenant),
    ),
  );
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
  const { organizationId } = caller.principal;
  return inTenant(organizationId, async (tenant) => {
    const team = await findTeamRow(teamId, organizationId, tenant);
    if (team === null) return null;
    const lineage = await listLineage(team.id, tenant);
    return { ...team, lineage: lineage.filter(({ id }) => id !== team.id) };
  });
}

/** The roles of the team and those of all that it is within, or null for no team. */
export async function listTeamRoles(caller: Caller, teamId: string): Promise<TeamRole[] | null> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTransaction(async (tx) => {
    const rows = await inTenant(
      organizationId,
      async (tenant) => {
        const team = await findTeamRow(teamId, organizationId, tenant);
        return team === null ? null : listTeamRoleRows(team.id, tenant);
      },
      tx,
    );
    if (rows === null) return null;
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
  | {
      outcome: "listed";
      members: TeamMember[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | typeof UNKNOWN_CURSOR
  | { outcome: "not-found" };

const Place = z.strictObject({ walk: z.enum(["next", "previous"]), email: CursorText });

/** One page of who is in the team outright, by address. */
export async function listTeamMembers(
  caller: Caller,
  teamId: string,
  { cursor, limit }: PageRequest,
): Promise<MemberListing> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  const rows = await inTenant(organizationId, async (tenant) => {
    const team = await findTeamRow(teamId, organizationId, tenant);
    const wanted = { within: false, place, countMax: limit + 1 };
    return team === null ? null : listMemberRows(team.id, wanted, tenant);
  });
  if (rows === null) return { outcome: "not-found" };
  if (cursor !== undefined && place === null) return UNKNOWN_CURSOR;
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (member: TeamMember | null, walk: Walk) =>
    member && encodeCursor({ walk, email: member.email });
  return {
    outcome: "listed",
    members: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** So many are shown of who has something by the teams within a team. */
const WITHIN_MAX = 100;

/** The first who are in a team within this one, and by which; empty for no team. */
export async function listMembersWithin(caller: Caller, teamId: string): Promise<TeamMember[]> {
  await authorize(caller, TEAM_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, async (tenant) => {
    const team = await findTeamRow(teamId, organizationId, tenant);
    if (team === null) return [];
    const wanted = { within: true, place: null, countMax: WITHIN_MAX };
    const rows = await listMemberRows(team.id, wanted, tenant);
    return rows.filter((row) => row.teamId !== team.id);
  });
}
