import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface Named {
  id: string;
  name: string;
}

/** Nobody picks from a longer list. */
const TEAMS_MAX = 500;

export const listTeamRows = (organizationId: string, db: Db = prisma()): Promise<Named[]> =>
  db.team.findMany({
    where: { organizationId },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: TEAMS_MAX,
    select: { id: true, name: true },
  });

/** Of these roles those that the organization can use. */
export const nameRoles = (
  ids: string[],
  organizationId: string,
  db: Db = prisma(),
): Promise<Named[]> =>
  db.role.findMany({
    where: { id: { in: ids }, OR: [{ organizationId: null }, { organizationId }] },
    select: { id: true, name: true },
  });

export const nameTeams = (
  ids: string[],
  organizationId: string,
  db: Db = prisma(),
): Promise<Named[]> =>
  db.team.findMany({
    where: { id: { in: ids }, organizationId },
    select: { id: true, name: true },
  });

/** Of these users those that are members of the organization, by their addresses. */
export async function nameUsers(
  ids: string[],
  organizationId: string,
  reachable: Record<string, unknown>,
  db: Db = prisma(),
): Promise<Named[]> {
  const users = await db.user.findMany({
    where: { AND: [{ id: { in: ids }, memberships: { some: { organizationId } } }, reachable] },
    select: { id: true, email: true },
  });
  return users.map(({ id, email }) => ({ id, name: email }));
}
