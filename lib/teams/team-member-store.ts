import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { TenantDb } from "@/lib/platform/db/tenant";
import type { Walk } from "@/lib/shared/keyset-page";

export interface TeamMember {
  userId: string;
  email: string;
  name: string | null;
  /** The team that makes them one: this, or one within it. */
  teamId: string;
  teamName: string;
}

const SELECT = {
  userId: true,
  team: { select: { id: true, name: true } },
  membership: { select: { user: { select: { email: true, name: true } } } },
} as const satisfies Prisma.TeamMembershipSelect;

/** Beside somebody's address. */
export interface MemberPlace {
  email: string;
  walk: Walk;
}

/** Who is in the team, by address: outright, or with `within` by a team inside it as well. */
export async function listMemberRows(
  teamId: string,
  { within, place, countMax }: { within: boolean; place: MemberPlace | null; countMax: number },
  db: TenantDb,
): Promise<TeamMember[]> {
  const backwards = place?.walk === "previous";
  const direction = backwards ? "desc" : "asc";
  const rows = await db.teamMembership.findMany({
    where: {
      ...(within ? { team: { above: { some: { ancestorId: teamId } } } } : { teamId }),
      ...(place !== null && {
        membership: { user: { email: { [backwards ? "lt" : "gt"]: place.email } } },
      }),
    },
    orderBy: [{ membership: { user: { email: direction } } }, { teamId: direction }],
    take: countMax,
    select: SELECT,
  });
  return rows.map(({ userId, team, membership: { user } }) => ({
    userId,
    ...user,
    teamId: team.id,
    teamName: team.name,
  }));
}

/** False when the user is in it already. */
export async function insertMember(
  teamId: string,
  userId: string,
  organizationId: string,
  db: TenantDb,
): Promise<boolean> {
  const data = [{ teamId, userId, organizationId }];
  const { count } = await db.teamMembership.createMany({ data, skipDuplicates: true });
  return count === 1;
}

/** False when the user is not in it. */
export async function deleteMember(teamId: string, userId: string, db: TenantDb): Promise<boolean> {
  return (await db.teamMembership.deleteMany({ where: { teamId, userId } })).count === 1;
}

/** The ids of all who are in the team, or in one within it. */
export async function listMemberIds(teamId: string, db: TenantDb): Promise<string[]> {
  const rows = await db.teamMembership.findMany({
    where: { team: { above: { some: { ancestorId: teamId } } } },
    distinct: ["userId"],
    select: { userId: true },
  });
  return rows.map(({ userId }) => userId);
}

/** The user with this address, when they are a member of the organization (ATK-43). */
export async function findMemberId(
  email: string,
  organizationId: string,
  db: TenantDb,
): Promise<string | null> {
  const where = { email, memberships: { some: { organizationId } } };
  return (await db.user.findFirst({ where, select: { id: true } }))?.id ?? null;
}
