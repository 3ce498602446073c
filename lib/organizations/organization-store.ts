import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

export interface OrganizationRow {
  id: string;
  slug: string;
  name: string;
  version: number;
  createdAt: Date;
  memberCount: number;
}

const BARE = {
  id: true,
  slug: true,
  name: true,
  version: true,
  createdAt: true,
} as const satisfies Prisma.OrganizationSelect;

const SELECT = {
  ...BARE,
  _count: { select: { memberships: true } },
} as const satisfies Prisma.OrganizationSelect;

const asRow = ({
  _count,
  ...row
}: Prisma.OrganizationGetPayload<{ select: typeof SELECT }>): OrganizationRow => ({
  ...row,
  memberCount: _count.memberships,
});

/**
 * Organizations by name, in the order in which the walk meets them; as members of each are counted at
 * most one more than {@link COUNT_MAX}.
 */
export async function listOrganizationRows(
  q: string | undefined,
  place: { walk: Walk; name: string; id: string } | null,
  countMax: number,
  db: Db = prisma(),
): Promise<OrganizationRow[]> {
  const backwards = place?.walk === "previous";
  const [direction, beyond] = backwards ? (["desc", "lt"] as const) : (["asc", "gt"] as const);
  const pattern = { contains: escapeLike(q ?? ""), mode: "insensitive" } as const;
  const rows = await db.organization.findMany({
    where: {
      AND: [
        q === undefined || q === "" ? {} : { OR: [{ name: pattern }, { slug: pattern }] },
        place === null
          ? {}
          : {
              OR: [
                { name: { [beyond]: place.name } },
                { name: place.name, id: { [beyond]: place.id } },
              ],
            },
      ],
    },
    orderBy: [{ name: direction }, { id: direction }],
    take: countMax,
    select: BARE,
  });
  return withMemberCounts(rows, db);
}

async function withMemberCounts(
  rows: Omit<OrganizationRow, "memberCount">[],
  db: Db,
): Promise<OrganizationRow[]> {
  const ids = rows.map(({ id }) => id);
  const counts = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT asked.id, (SELECT count(*)::int
                        FROM (SELECT FROM memberships WHERE organization_id = asked.id
                               LIMIT ${COUNT_MAX + 1}) AS members) AS count
      FROM unnest(${ids}::uuid[]) AS asked (id)`;
  const byId = new Map(counts.map(({ id, count }) => [id, count]));
  return rows.map((row) => ({ ...row, memberCount: byId.get(row.id) ?? 0 }));
}

/** Every organization, by its short name. */
export const listAllOrganizationRows = async (db: Db): Promise<OrganizationRow[]> =>
  (await db.organization.findMany({ orderBy: { slug: "asc" }, select: SELECT })).map(asRow);

export async function findOrganizationRow(
  id: string,
  db: Db = prisma(),
): Promise<OrganizationRow | null> {
  if (!isId(id)) return null;
  const row = await db.organization.findUnique({ where: { id }, select: SELECT });
  return row && asRow(row);
}

export async function insertOrganization(
  organization: { id: string; slug: string; name: string },
  firstMemberId: string | null,
  db: Db,
): Promise<void> {
  const memberships =
    firstMemberId === null ? {} : { memberships: { create: { userId: firstMemberId } } };
  await db.organization.create({ data: { ...organization, ...memberships } });
}

/** One conditional statement: false when somebody changed it since. */
export async function updateOrganization(
  id: string,
  change: { name?: string | undefined; slug?: string | undefined },
  expectedVersion: number,
  db: Db,
): Promise<boolean> {
  const { name, slug } = change;
  const { count } = await db.organization.updateMany({
    where: { id, version: expectedVersion },
    data: {
      ...(name !== undefined && { name }),
      ...(slug !== undefined && { slug }),
      version: { increment: 1 },
    },
  });
  return count === 1;
}

/** Nobody joins, signs in to or writes records of the organization before the transaction is over. */
export async function lockOrganization(id: string, db: Db): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM organizations WHERE id = ${id}::uuid FOR UPDATE`;
}

/** What would be lost, or would lose its way in, with an organization. */
export interface Obstacles {
  /** New accounts begin in it. */
  isDefault: boolean;
  invoices: number;
  /** Providers that its people sign in with. */
  connections: number;
  serviceAccounts: number;
  /** Members of no other organization. */
  onlyHere: number;
}

export async function findObstacles(id: string, db: Db): Promise<Obstacles> {
  const [row] = await db.$queryRaw<[Obstacles]>`
    SELECT EXISTS (SELECT 1 FROM instance WHERE default_organization_id = ${id}::uuid) AS "isDefault",
           (SELECT count(*)::int FROM invoices WHERE organization_id = ${id}::uuid) AS invoices,
           (SELECT count(*)::int FROM connections WHERE organization_id = ${id}::uuid) AS connections,
           (SELECT count(*)::int FROM service_accounts
             WHERE organization_id = ${id}::uuid) AS "serviceAccounts",
           (SELECT count(*)::int FROM memberships m
             WHERE m.organization_id = ${id}::uuid
               AND NOT EXISTS (SELECT 1 FROM memberships o
                                WHERE o.user_id = m.user_id AND o.organization_id <> ${id}::uuid))
             AS "onlyHere"`;
  return row;
}

export async function listMemberIds(id: string): Promise<string[]> {
  const members = await prisma().membership.findMany({
    where: { organizationId: id },
    select: { userId: true },
  });
  return members.map(({ userId }) => userId);
}

/** Takes memberships, roles, invitations, rules and tokens along. */
export async function deleteOrganizationRow(id: string, db: Db): Promise<void> {
  // What is left of invoices that were purged: which numbers they had.
  await db.invoiceCounter.deleteMany({ where: { organizationId: id } });
  await db.organization.delete({ where: { id } });
}

export interface OwnOrganization {
  id: string;
  slug: string;
  name: string;
  joinedAt: Date;
}

/** Where a user is a member, by name. */
export async function listOrganizationsOf(
  userId: string,
  countMax: number,
  db: Db = prisma(),
): Promise<OwnOrganization[]> {
  const rows = await db.membership.findMany({
    where: { userId },
    orderBy: [{ organization: { name: "asc" } }, { organizationId: "asc" }],
    take: countMax,
    select: { createdAt: true, organization: { select: { id: true, slug: true, name: true } } },
  });
  return rows.map(({ createdAt, organization }) => ({ ...organization, joinedAt: createdAt }));
}
