import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { called } from "@/lib/platform/db/like";
import type { PlaceDb, TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";

export interface TeamRow {
  id: string;
  organizationId: string;
  parentId: string | null;
  name: string;
  description: string;
  version: number;
  createdAt: Date;
}

const SELECT = {
  id: true,
  organizationId: true,
  parentId: true,
  name: true,
  description: true,
  version: true,
  createdAt: true,
} as const satisfies Prisma.TeamSelect;

export interface CountedTeam extends TeamRow {
  /** Users who are in it outright, and not only in a team within it. */
  memberCount: number;
  roleCount: number;
}

const COUNTED = { ...SELECT, _count: { select: { members: true, roles: true } } } as const;

const asCounted = ({
  _count,
  ...team
}: Prisma.TeamGetPayload<{ select: typeof COUNTED }>): CountedTeam => ({
  ...team,
  memberCount: _count.members,
  roleCount: _count.roles,
});

/** By name; `after` is the name that the last page ended with. */
export async function listTeamRows(
  organizationId: string,
  after: string | null,
  countMax: number,
  db: TenantDb,
): Promise<CountedTeam[]> {
  const teams = await db.team.findMany({
    where: { organizationId, ...(after === null ? {} : { name: { gt: after } }) },
    orderBy: { name: "asc" },
    take: countMax,
    select: COUNTED,
  });
  return teams.map(asCounted);
}

export interface TeamWithRoles extends CountedTeam {
  /** Those that it has itself and for good. */
  roleIds: string[];
}

/** Every team of the installation, whosever it is. */
export async function listAllTeamRows(db: PlaceDb): Promise<TeamWithRoles[]> {
  const lasting = { where: { expiresAt: null }, select: { roleId: true } } as const;
  const teams = await db.team.findMany({
    orderBy: [{ organizationId: "asc" }, { name: "asc" }],
    select: { ...COUNTED, roles: lasting },
  });
  return teams.map(({ roles, ...team }) => ({
    ...asCounted(team),
    roleIds: roles.map(({ roleId }) => roleId),
  }));
}
/** The first of the organization's teams that are called so, by name. */
export const listTeamsCalled = (
  q: string,
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<{ id: string; name: string }[]> =>
  db.team.findMany({
    where: { organizationId, ...called(q) },
    orderBy: { name: "asc" },
    take: countMax,
    select: { id: true, name: true },
  });

export async function findTeamRow(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<CountedTeam | null> {
  if (!isId(id)) return null;
  const team = await db.team.findFirst({ where: { id, organizationId }, select: COUNTED });
  return team && asCounted(team);
}

export const countTeams = (organizationId: string, db: TenantDb): Promise<number> =>
  db.team.count({ where: { organizationId } });

/** What other teams of the organization are called. */
export async function listTeamNames(
  exceptId: string,
  organizationId: string,
  db: TenantDb,
): Promise<string[]> {
  const where = { organizationId, id: { not: exceptId } };
  return (await db.team.findMany({ where, select: { name: true } })).map(({ name }) => name);
}

/** The team and all that it is within, from the top. */
export async function listLineage(
  id: string,
  db: TenantDb,
): Promise<{ id: string; name: string }[]> {
  return db.$queryRaw<{ id: string; name: string }[]>`
    SELECT t.id, t.name
      FROM team_closure c JOIN teams t ON t.id = c.ancestor_id
     WHERE c.team_id = ${id}::uuid
     ORDER BY (SELECT count(*) FROM team_closure d WHERE d.team_id = t.id)`;
}

export async function isWithin(id: string, ancestorId: string, db: TenantDb): Promise<boolean> {
  return (await db.teamClosure.count({ where: { teamId: id, ancestorId } })) > 0;
}

export const countTeamsWithin = (id: string, db: TenantDb): Promise<number> =>
  db.team.count({ where: { parentId: id } });

export type NewTeamRow = Pick<
  TeamRow,
  "id" | "organizationId" | "parentId" | "name" | "description"
>;

export async function insertTeamRow(team: NewTeamRow, db: TenantDb): Promise<void> {
  await db.team.create({ data: team, select: { id: true } });
}

/** Every change raises the version, by which a later one knows what it was based on. */
export async function updateTeamRow(
  id: string,
  change: { name?: string; description?: string; parentId?: string | null },
  db: TenantDb,
): Promise<void> {
  await db.team.updateMany({ where: { id }, data: { ...change, version: { increment: 1 } } });
}

export async function deleteTeamRow(id: string, db: TenantDb): Promise<void> {
  await db.team.deleteMany({ where: { id } });
}
