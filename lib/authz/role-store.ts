import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Holding } from "@/lib/authz/holdings";
import { conditionOf, isSameReach, reachOf, type StoredReach } from "@/lib/authz/reach";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { type Db, prisma } from "@/lib/platform/db/client";
import { called } from "@/lib/platform/db/like";
import { inPlace, inTenant, type OpenDb, type PlaceDb } from "@/lib/platform/db/tenant";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

export interface RoleRow {
  id: string;
  organizationId: string | null;
  name: string;
  description: string;
  isDefault: boolean;
  /** Whoever has it is asked for a second factor. */
  mfaRequired: boolean;
  /** Whoever may break the glass may give it to themselves for a short time. */
  emergency: boolean;
  version: number;
  createdAt: Date;
  /** What it gives by itself: by the permission's key, in the order of the keys. */
  grants: Record<string, StoredReach>;
  /** The roles that it inherits outright. */
  inherits: string[];
  /** Everything that it gives, by itself and by what it inherits, at any distance. */
  gives: Pick<Holding, "permissionKey" | "condition">[];
}

/** Counting is apart, because it costs the more the more people there are. */
export interface CountedRole extends RoleRow {
  userCount: number;
}

const SELECT = {
  id: true,
  organizationId: true,
  name: true,
  description: true,
  isDefault: true,
  mfaRequired: true,
  emergency: true,
  version: true,
  createdAt: true,
  permissions: {
    select: { condition: true, permission: { select: { key: true } } },
    orderBy: { permission: { key: "asc" } },
  },
  inherits: { select: { inheritedRoleId: true }, orderBy: { inheritedRoleId: "asc" } },
  gives: {
    select: {
      given: {
        select: {
          permissions: { select: { condition: true, permission: { select: { key: true } } } },
        },
      },
    },
  },
} as const satisfies Prisma.RoleSelect;

type Selected = Prisma.RoleGetPayload<{ select: typeof SELECT }>;

const asRow = ({ permissions, inherits, gives, ...role }: Selected): RoleRow => ({
  ...role,
  grants: Object.fromEntries(
    permissions.map(({ condition, permission }) => [permission.key, reachOf(condition)]),
  ),
  inherits: inherits.map(({ inheritedRoleId }) => inheritedRoleId),
  gives: gives.flatMap(({ given }) =>
    given.permissions.map(({ condition, permission }) => ({
      permissionKey: permission.key,
      condition,
    })),
  ),
});

/** Roles of the instance and of this organization: no other organization's (ATK-43). */
const visibleIn = (organizationId: string): Prisma.RoleWhereInput => ({
  OR: [{ organizationId: null }, { organizationId }],
});

/** A user holds a role in several ways at once; this many holdings are of as good as surely too many users. */
const HOLDINGS_MAX = 3 * (COUNT_MAX + 1);

/**
 * The roles with how many users have each of them in this organization, of null anywhere; one
 * more than {@link COUNT_MAX} stands for all that are more.
 */
export async function withUserCounts(
  roles: RoleRow[],
  organizationId: string | null,
  db: Db = prisma(),
): Promise<CountedRole[]> {
  const roleIds = roles.map((role) => role.id);
  const rows = await db.$queryRaw<{ roleId: string; count: number }[]>`
    SELECT asked.id AS "roleId", held.count
      FROM unnest(${roleIds}::uuid[]) AS asked (id),
           LATERAL (SELECT CASE WHEN count(*) = ${HOLDINGS_MAX} THEN ${COUNT_MAX + 1}
                                ELSE least(count(DISTINCT user_id), ${COUNT_MAX + 1}) END::int AS count
                      FROM (SELECT user_id FROM held_roles
                             WHERE role_id = asked.id
                               AND (organization_id IS NULL OR ${organizationId}::uuid IS NULL
                                    OR organization_id = ${organizationId}::uuid)
                             LIMIT ${HOLDINGS_MAX}) AS holdings) AS held`;
  const counts = new Map(rows.map(({ roleId, count }) => [roleId, count]));
  return roles.map((role) => ({ ...role, userCount: counts.get(role.id) ?? 0 }));
}

export interface RolePlace {
  name: string;
  id: string;
}

/** The visible roles by name, asked behind the wall as all of these are, in the order in which the walk meets them. */
export async function listRoleRows(
  organizationId: string,
  place: (RolePlace & { walk: Walk }) | null,
  countMax: number,
  tx?: OpenDb,
): Promise<RoleRow[]> {
  const backwards = place?.walk === "previous";
  const [direction, beyond] = backwards ? (["desc", "lt"] as const) : (["asc", "gt"] as const);
  const keyset: Prisma.RoleWhereInput =
    place === null
      ? {}
      : {
          OR: [
            { name: { [beyond]: place.name } },
            { name: place.name, id: { [beyond]: place.id } },
          ],
        };
  const wanted = {
    where: { AND: [visibleIn(organizationId), keyset] },
    orderBy: [{ name: direction }, { id: direction }],
    take: countMax,
    select: SELECT,
  } satisfies Prisma.RoleFindManyArgs;
  return (await inTenant(organizationId, (db) => db.role.findMany(wanted), tx)).map(asRow);
}

/** Every role of the installation, whosever it is. */
export const listAllRoleRows = async (db: PlaceDb): Promise<RoleRow[]> =>
  (await db.role.findMany({ orderBy: [{ name: "asc" }, { id: "asc" }], select: SELECT })).map(
    asRow,
  );

/** The first of the visible roles that are called so, by name. */
export const listRolesCalled = (
  q: string,
  organizationId: string,
  countMax: number,
): Promise<{ id: string; name: string }[]> =>
  inTenant(organizationId, (db) =>
    db.role.findMany({
      where: { AND: [visibleIn(organizationId), called(q)] },
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: countMax,
      select: { id: true, name: true },
    }),
  );

export async function findRoleRows(
  ids: string[],
  organizationId: string,
  tx?: OpenDb,
): Promise<RoleRow[]> {
  const where = { id: { in: ids }, ...visibleIn(organizationId) };
  const find = { where, select: SELECT };
  return (await inTenant(organizationId, (db) => db.role.findMany(find), tx)).map(asRow);
}

/** The roles of whoever signs up that the organization can use. */
export async function listDefaultRoleRows(organizationId: string, tx: OpenDb): Promise<RoleRow[]> {
  const where = { isDefault: true, ...visibleIn(organizationId) };
  const find = { where, select: SELECT };
  return (await inTenant(organizationId, (db) => db.role.findMany(find), tx)).map(asRow);
}

export async function findRoleRow(
  id: string,
  organizationId: string,
  tx?: OpenDb,
): Promise<RoleRow | null> {
  return isId(id) ? ((await findRoleRows([id], organizationId, tx))[0] ?? null) : null;
}

export async function findCountedRole(
  id: string,
  organizationId: string,
  tx?: OpenDb,
): Promise<CountedRole | null> {
  const role = await findRoleRow(id, organizationId, tx);
  if (role === null) return null;
  return (await withUserCounts([role], organizationId, tx))[0] ?? null;
}

export function listPermissionRows(db: Db = prisma()) {
  return db.permission.findMany({
    orderBy: { key: "asc" },
    select: { id: true, key: true, description: true, resourceType: true },
  });
}

/** What other roles are called that hold in a place; in no organization, all. */
export async function listRoleNames(
  exceptId: string,
  organizationId: string | null,
  tx: OpenDb,
): Promise<string[]> {
  const others = organizationId === null ? {} : visibleIn(organizationId);
  const find = { where: { id: { not: exceptId }, ...others }, select: { name: true } };
  const roles = await inPlace(organizationId, (db) => db.role.findMany(find), tx);
  return roles.map(({ name }) => name);
}

export async function insertRoleRow(
  role: { id: string; organizationId: string | null; name: string; description: string },
  db: Db,
): Promise<void> {
  await db.role.create({ data: role });
}

/** Every change raises the version, by which a later one knows what it was based on. */
export async function updateRoleRow(
  id: string,
  change: { name?: string; description?: string; mfaRequired?: boolean; emergency?: boolean },
  db: Db,
): Promise<void> {
  await db.role.update({ where: { id }, data: { ...change, version: { increment: 1 } } });
}

export async function deleteRoleRow(id: string, db: Db): Promise<void> {
  await db.role.delete({ where: { id } });
}

/** Makes the role give exactly this. Only what differs is written. */
export async function replaceGrants(
  roleId: string,
  before: Record<string, StoredReach>,
  after: RoleGrants,
  permissionIds: Map<string, string>,
  db: Db,
): Promise<void> {
  const changed = (from: Record<string, StoredReach>, to: Record<string, StoredReach>) =>
    Object.keys(from).filter((key) => !isSameReach(from[key], to[key]));
  const idOf = (key: string): string => {
    const id = permissionIds.get(key);
    if (id === undefined) throw new Error(`there is no permission ${key}`);
    return id;
  };
  await db.rolePermission.deleteMany({
    where: { roleId, permissionId: { in: changed(before, after).map(idOf) } },
  });
  await db.rolePermission.createMany({
    data: changed(after, before).map((key) => ({
      roleId,
      permissionId: idOf(key),
      condition: conditionOf(after[key] ?? "unreadable") ?? Prisma.DbNull,
    })),
  });
}
