import "server-only";
import type { Prisma, UserStatus } from "@/generated/prisma/client";
import { type Db, prisma, type ReplicaDb } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import { inTenant, type OpenDb, type TenantDb } from "@/lib/platform/db/tenant";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";
import type { UserListing, UserSort } from "@/lib/users/user.schema";

export interface ListedUser {
  id: string;
  email: string;
  name: string | null;
  status: UserStatus;
  createdAt: Date;
  lastSignInAt: Date | null;
  roles: HeldRole[];
}

/** A role that somebody has now, until an end if there is one. */
export interface HeldRole {
  id: string;
  name: string;
  /** Null is for good. */
  expiresAt: Date | null;
}

/** Where a page begins: beside the user with this value in the sorted column. */
export interface UserPlace {
  value: string | null;
  id: string;
}

interface Order {
  column: "createdAt" | "name" | "email" | "lastSignInAt";
  direction: "asc" | "desc";
  nullable: boolean;
  parse(text: string): string | Date;
}

const date = (text: string) => new Date(text);
const text = (value: string) => value;

const ORDERS: Record<UserSort, Order> = {
  newest: { column: "createdAt", direction: "desc", nullable: false, parse: date },
  name: { column: "name", direction: "asc", nullable: true, parse: text },
  email: { column: "email", direction: "asc", nullable: false, parse: text },
  "last-sign-in": { column: "lastSignInAt", direction: "desc", nullable: true, parse: date },
};

export function placeOf(user: ListedUser, sort: UserSort): UserPlace {
  const value = user[ORDERS[sort].column];
  return { value: value instanceof Date ? value.toISOString() : value, id: user.id };
}

/**
 * Grants that count in this organization now: a role of another one gives nothing here, wherever it
 * was granted. Expiry of the others is judged to the second.
 */
const grantedIn = (organizationId: string, now: Date): Prisma.UserRoleWhereInput => ({
  AND: [
    { OR: [{ organizationId: null }, { organizationId }] },
    { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    { role: { OR: [{ organizationId: null }, { organizationId }] } },
  ],
});

/** Users whose address or name contains the text, or whose id it is. */
export function matchingPerson(q: string): Prisma.UserWhereInput {
  const pattern = { contains: escapeLike(q), mode: "insensitive" } as const;
  return {
    OR: [{ email: pattern }, { name: pattern }, ...(isId(q) ? [{ id: q.toLowerCase() }] : [])],
  };
}

function matching(
  { q, status, role }: UserListing,
  organizationId: string,
  now: Date,
): Prisma.UserWhereInput {
  return {
    memberships: { some: { organizationId } },
    ...(status === undefined ? {} : { status }),
    ...(role === undefined
      ? {}
      : { roles: { some: { roleId: role, ...grantedIn(organizationId, now) } } }),
    ...(q === undefined || q === "" ? {} : matchingPerson(q)),
  };
}

const select = (organizationId: string, now: Date) =>
  ({
    id: true,
    email: true,
    name: true,
    status: true,
    createdAt: true,
    lastSignInAt: true,
    roles: {
      where: grantedIn(organizationId, now),
      select: { expiresAt: true, role: { select: { id: true, name: true } } },
      orderBy: { role: { name: "asc" } },
    },
  }) as const satisfies Prisma.UserSelect;

type Selected = Prisma.UserGetPayload<{ select: ReturnType<typeof select> }>;

/** A role granted here and on the whole instance is shown once, with what lasts longest. */
function asListed({ roles, ...user }: Selected): ListedUser {
  const held = new Map<string, HeldRole>();
  for (const { role, expiresAt } of roles) {
    const known = held.get(role.id);
    const isLonger = known?.expiresAt && (expiresAt === null || expiresAt > known.expiresAt);
    if (known === undefined || isLonger) held.set(role.id, { ...role, expiresAt });
  }
  return { ...user, roles: [...held.values()] };
}

const OPPOSITE = { asc: "desc", desc: "asc" } as const;

/** The rows beyond the place. Said twice: the first lets an index begin there, the second settles ties. */
function beyondPlace(
  { column, parse }: Order,
  { value, id }: UserPlace,
  beyond: "gt" | "lt",
): Prisma.UserWhereInput {
  if (value === null) return { id: { [beyond]: id } };
  const at = parse(value);
  return {
    [column]: { [`${beyond}e`]: at },
    OR: [{ [column]: { [beyond]: at } }, { [column]: at, id: { [beyond]: id } }],
  };
}

/**
 * The organization's users within what `reachable` allows, in the order in which
 * the walk meets them. Users without a value in the sorted column come last;
 * they are a query of their own, so that each of the two can walk an index.
 */
export async function listUserRows(
  organizationId: string,
  listing: UserListing,
  reachable: Prisma.UserWhereInput,
  place: (UserPlace & { walk: Walk }) | null,
  countMax: number,
  tx?: OpenDb | ReplicaDb,
): Promise<ListedUser[]> {
  const order = ORDERS[listing.sort];
  const { column, nullable } = order;
  const backwards = place?.walk === "previous";
  const direction = backwards ? OPPOSITE[order.direction] : order.direction;
  const parts = nullable
    ? [{ [column]: { not: null } }, { [column]: null }]
    : [{} satisfies Prisma.UserWhereInput];
  const first = nullable && place !== null && place.value === null ? 1 : 0;
  const walked = backwards ? parts.slice(0, first + 1).toReversed() : parts.slice(first);
  const now = new Date();
  const walk = async (db: TenantDb): Promise<Selected[]> => {
    const rows: Selected[] = [];
    for (const [index, part] of walked.entries()) {
      if (rows.length === countMax) break;
      const keyset =
        place !== null && index === 0
          ? beyondPlace(order, place, direction === "asc" ? "gt" : "lt")
          : {};
      const found = await db.user.findMany({
        where: { AND: [reachable, matching(listing, organizationId, now), part, keyset] },
        orderBy: [{ [column]: direction }, { id: direction }],
        take: countMax - rows.length,
        select: select(organizationId, now),
      });
      rows.push(...found);
    }
    return rows;
  };
  return (await inTenant(organizationId, walk, tx)).map(asListed);
}

/** The user, when they are a member of the organization (ATK-43): asked behind the wall. */
export async function findMemberRow(
  id: string,
  organizationId: string,
  tx?: OpenDb,
): Promise<ListedUser | null> {
  if (!isId(id)) return null;
  const where = { id, memberships: { some: { organizationId } } };
  const wanted = { where, select: select(organizationId, new Date()) };
  const user = await inTenant(organizationId, (db) => db.user.findFirst(wanted), tx);
  return user && asListed(user);
}

/** The organizations that the user belongs to, besides this one. */
export async function listOtherOrganizations(
  userId: string,
  organizationId: string,
  db: Db = prisma(),
): Promise<string[]> {
  const rows = await db.membership.findMany({
    where: { userId, organizationId: { not: organizationId } },
    select: { organizationId: true },
  });
  return rows.map((row) => row.organizationId);
}

/** The same by an id or an address. Any text may be asked about. */
export async function findMemberIdBy(
  idOrEmail: string,
  organizationId: string,
  tx?: OpenDb,
): Promise<string | null> {
  const where = {
    ...(isId(idOrEmail) ? { id: idOrEmail } : { email: idOrEmail.trim().toLowerCase() }),
    memberships: { some: { organizationId } },
  };
  const wanted = { where, select: { id: true } };
  const user = await inTenant(organizationId, (db) => db.user.findFirst(wanted), tx);
  return user?.id ?? null;
}

/** How the user can sign in: what an administrator asks before sending a link. */
export async function findSignInMethods(
  id: string,
  db: Db = prisma(),
): Promise<{ hasPassword: boolean; providers: string[] }> {
  const [passwords, accounts] = await Promise.all([
    db.passwordCredential.count({ where: { userId: id } }),
    db.account.findMany({ where: { userId: id }, select: { provider: true } }),
  ]);
  return {
    hasPassword: passwords > 0,
    providers: [...new Set(accounts.map((account) => account.provider))].sort(),
  };
}

/**
 * How many users of each status there are; null in an organization of more than {@link COUNT_MAX}
 * members, where counting would read all of them.
 */
export async function countUsersByStatus(
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  tx?: OpenDb | ReplicaDb,
): Promise<Record<UserStatus, number> | null> {
  const counted = async (db: TenantDb) => {
    const members = await db.membership.count({ where: { organizationId }, take: COUNT_MAX + 1 });
    if (members > COUNT_MAX) return null;
    const counts = await db.user.groupBy({
      by: ["status"],
      where: { AND: [reachable, { memberships: { some: { organizationId } } }] },
      _count: true,
    });
    const of = (status: UserStatus) => counts.find((row) => row.status === status)?._count ?? 0;
    return { active: of("active"), disabled: of("disabled"), pending: of("pending") };
  };
  return inTenant(organizationId, counted, tx);
}
