import "server-only";
import type { Prisma, UserStatus } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import type { TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

export interface Member {
  userId: string;
  email: string;
  name: string | null;
  status: UserStatus;
  joinedAt: Date;
  roles: { id: string; name: string }[];
}

const select = (organizationId: string, now: Date) =>
  ({
    userId: true,
    createdAt: true,
    user: {
      select: {
        email: true,
        name: true,
        status: true,
        roles: {
          where: {
            AND: [
              { OR: [{ organizationId: null }, { organizationId }] },
              { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
              { role: { OR: [{ organizationId: null }, { organizationId }] } },
            ],
          },
          select: { role: { select: { id: true, name: true } } },
          orderBy: { role: { name: "asc" } },
        },
      },
    },
  }) as const satisfies Prisma.MembershipSelect;

const asMember = ({
  userId,
  createdAt,
  user: { roles, ...user },
}: Prisma.MembershipGetPayload<{ select: ReturnType<typeof select> }>): Member => ({
  userId,
  joinedAt: createdAt,
  ...user,
  // Given here and on the whole instance it is shown once.
  roles: [...new Map(roles.map(({ role }) => [role.id, role])).values()],
});

const matching = (q: string | undefined): Prisma.MembershipWhereInput => {
  if (q === undefined || q === "") return {};
  const pattern = { contains: escapeLike(q), mode: "insensitive" } as const;
  return { user: { OR: [{ email: pattern }, { name: pattern }] } };
};

/** The members of an organization, newest first, in the order in which the walk meets them. */
export async function listMemberRows(
  organizationId: string,
  q: string | undefined,
  place: { walk: Walk; joinedAt: Date; userId: string } | null,
  countMax: number,
  db: TenantDb,
): Promise<Member[]> {
  const backwards = place?.walk === "previous";
  const [direction, beyond] = backwards ? (["asc", "gt"] as const) : (["desc", "lt"] as const);
  const rows = await db.membership.findMany({
    where: {
      AND: [
        { organizationId },
        matching(q),
        place === null
          ? {}
          : {
              OR: [
                { createdAt: { [beyond]: place.joinedAt } },
                { createdAt: place.joinedAt, userId: { [beyond]: place.userId } },
              ],
            },
      ],
    },
    orderBy: [{ createdAt: direction }, { userId: direction }],
    take: countMax,
    select: select(organizationId, new Date()),
  });
  return rows.map(asMember);
}

/** The member, or null when the user is none (ATK-43). */
export async function findMember(
  userId: string,
  organizationId: string,
  db: TenantDb,
): Promise<Member | null> {
  if (!isId(userId)) return null;
  const row = await db.membership.findUnique({
    where: { organizationId_userId: { organizationId, userId } },
    select: select(organizationId, new Date()),
  });
  return row && asMember(row);
}

/** Whether the user belongs to an organization besides this one. */
export async function belongsElsewhere(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const count = await db.membership.count({
    where: { userId, organizationId: { not: organizationId } },
  });
  return count > 0;
}

/** The active members to whom a permission is given there by whatever path, without a condition. */
export function listHoldersIn(
  organizationId: string,
  permissionKey: string,
  db: Db,
): Promise<{ userId: string; lasting: boolean }[]> {
  return db.$queryRaw<{ userId: string; lasting: boolean }[]>`
    SELECT m.user_id AS "userId", bool_or(g.expires_at IS NULL) AS lasting
      FROM permissions p
      JOIN role_permissions rp ON rp.permission_id = p.id AND rp.condition IS NULL
      JOIN given_roles g ON g.given_role_id = rp.role_id
       AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid)
      JOIN users u ON u.id = g.user_id AND u.status = 'active' AND u.deletion_due_at IS NULL
      JOIN memberships m ON m.user_id = u.id AND m.organization_id = ${organizationId}::uuid
     WHERE p.key = ${permissionKey}
     GROUP BY m.user_id`;
}

/** True when they were no member before. */
export async function insertMembership(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const { count } = await db.membership.createMany({
    data: [{ userId, organizationId }],
    skipDuplicates: true,
  });
  return count === 1;
}

/** Gives roles in the organization and nowhere else. */
export async function grantRolesIn(
  userId: string,
  roleIds: string[],
  grantedById: string | null,
  organizationId: string,
  db: Db,
): Promise<void> {
  // A grant that has run out stands in the way of its successor.
  await db.userRole.deleteMany({
    where: { userId, organizationId, roleId: { in: roleIds }, expiresAt: { lte: new Date() } },
  });
  await db.userRole.createMany({
    data: roleIds.map((roleId) => ({ userId, roleId, grantedById, organizationId })),
    skipDuplicates: true,
  });
}

/** With all that was granted in the organization; false when it is gone already. */
export async function deleteMembership(
  userId: string,
  organizationId: string,
  db: TenantDb,
): Promise<boolean> {
  const { count } = await db.membership.deleteMany({ where: { userId, organizationId } });
  await db.userRole.deleteMany({ where: { userId, organizationId } });
  return count === 1;
}

/** Takes the roles of this organization away, also where they were said to hold elsewhere. */
export async function deleteRolesOf(userId: string, organizationId: string, db: Db): Promise<void> {
  await db.userRole.deleteMany({ where: { userId, role: { organizationId } } });
}

/** Takes back what their address is still invited to there: its links open nothing from then on. */
export function revokeInvitationsOf(
  userId: string,
  organizationId: string,
  db: TenantDb,
): Promise<{ id: string; email: string }[]> {
  return db.$queryRaw<{ id: string; email: string }[]>`
    UPDATE invitations i SET revoked_at = now()
      FROM users u
     WHERE u.id = ${userId}::uuid AND i.email = u.email
       AND i.organization_id = ${organizationId}::uuid
       AND i.consumed_at IS NULL AND i.revoked_at IS NULL
    RETURNING i.id, i.email`;
}
