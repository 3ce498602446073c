import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type AuditListing, periodOf, type UNNAMED_ACTORS } from "@/lib/audit-log/audit-log.schema";
import { type Db, type ListDb, prisma } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import type { Walk } from "@/lib/shared/keyset-page";

/** What is told of an event, wherever it is told. */
export const TOLD = {
  id: true,
  at: true,
  action: true,
  outcome: true,
  actorType: true,
  actorId: true,
  clientId: true,
  subjectId: true,
  targetType: true,
  targetId: true,
  reason: true,
  ip: true,
  userAgent: true,
  requestId: true,
  before: true,
  after: true,
} as const satisfies Prisma.AuditEventSelect;

export type AuditRow = Prisma.AuditEventGetPayload<{ select: typeof TOLD }>;

export interface AuditPlace {
  at: string;
  id: string;
  walk: Walk;
}

/** A listing whose names have become ids. */
export interface AuditFilter extends Omit<AuditListing, "actor" | "target"> {
  /** Only what was done in it; null for what was done anywhere. */
  organizationId: string | null;
  actors?: { type: (typeof UNNAMED_ACTORS)[number] } | { ids: string[] } | undefined;
  targets?: string[] | undefined;
  /** As whom somebody else acted. */
  subjectId?: string;
}

function matching(filter: AuditFilter): Prisma.AuditEventWhereInput {
  const { organizationId, id, actors, action, targets, subjectId, outcome } = filter;
  const { from, before } = periodOf(filter);
  return {
    ...(organizationId === null ? {} : { organizationId }),
    ...(id === undefined ? {} : { OR: [{ id }, { requestId: id }] }),
    ...(actors === undefined
      ? {}
      : "type" in actors
        ? // That they have no id is said for the index of those who have none.
          { actorType: actors.type, actorId: null }
        : { actorId: { in: actors.ids } }),
    ...(action === undefined ? {} : { action }),
    ...(targets === undefined ? {} : { targetId: { in: targets } }),
    ...(subjectId === undefined ? {} : { subjectId }),
    ...(outcome === undefined ? {} : { outcome }),
    at: { ...(from && { gte: from }), ...(before && { lt: before }) },
  };
}

/** Newest first, in the order in which the walk meets them. */
export async function listAuditRows(
  filter: AuditFilter,
  place: AuditPlace | null,
  countMax: number,
  db: ListDb = prisma(),
): Promise<AuditRow[]> {
  const backwards = place?.walk === "previous";
  const beyond = backwards ? "gt" : "lt";
  const direction = backwards ? "asc" : "desc";
  const at = place === null ? null : new Date(place.at);
  const keyset: Prisma.AuditEventWhereInput =
    place === null || at === null
      ? {}
      : {
          // Said twice: the first lets an index begin there, the second settles ties.
          at: { [`${beyond}e`]: at },
          OR: [{ at: { [beyond]: at } }, { at, id: { [beyond]: place.id } }],
        };
  return db.auditEvent.findMany({
    where: { AND: [matching(filter), keyset] },
    orderBy: [{ at: direction }, { id: direction }],
    take: countMax,
    select: TOLD,
  });
}

/**
 * Every action that has been recorded, by name. Hops through the index from one
 * to the next, so that it costs as many steps as there are actions and not events.
 */
export async function listActionNames(db: ListDb = prisma()): Promise<string[]> {
  const rows = await db.$queryRaw<{ action: string }[]>`
    WITH RECURSIVE hop AS (
      (SELECT action FROM audit_events ORDER BY action LIMIT 1)
      UNION ALL
      SELECT (SELECT action FROM audit_events WHERE action > hop.action ORDER BY action LIMIT 1)
        FROM hop WHERE hop.action IS NOT NULL
    )
    SELECT action FROM hop WHERE action IS NOT NULL`;
  return rows.map((row) => row.action);
}

/** More than this have no name in common. */
const NAMESAKES_MAX = 100;

/** The ids of whatever has this email address or name now, and is seen from the organization; no letter's case matters. */
export async function findNamesakes(
  text: string,
  organizationId: string | null,
  db: Db = prisma(),
): Promise<string[]> {
  const same = { equals: escapeLike(text), mode: "insensitive" } as const;
  const namesakes = { select: { id: true }, take: NAMESAKES_MAX };
  const found = await Promise.all([
    db.user.findMany({
      where: {
        OR: [{ email: same }, { name: same }],
        ...(organizationId !== null && { memberships: { some: { organizationId } } }),
      },
      ...namesakes,
    }),
    db.role.findMany({
      where: {
        name: same,
        ...(organizationId !== null && { OR: [{ organizationId }, { organizationId: null }] }),
      },
      ...namesakes,
    }),
    db.oidcClient.findMany({ where: { name: same }, ...namesakes }),
  ]);
  return found.flat().map(({ id }) => id);
}

/** Whether anything was ever done to what has this id. */
export async function isTarget(
  id: string,
  organizationId: string | null,
  db: Db = prisma(),
): Promise<boolean> {
  const event = await db.auditEvent.findFirst({
    where: { targetId: id, ...(organizationId !== null && { organizationId }) },
    select: { id: true },
  });
  return event !== null;
}

/**
 * The present names of what events speak of; what is gone has none. The id of a client may be an
 * address, those of all else are of our making.
 */
export async function findNames(
  ids: string[],
  clientIds: string[],
  db: Db = prisma(),
): Promise<Map<string, string>> {
  const where = { id: { in: ids } };
  const [users, roles, clients] = await Promise.all([
    db.user.findMany({ where, select: { id: true, email: true } }),
    db.role.findMany({ where, select: { id: true, name: true } }),
    db.oidcClient.findMany({
      where: { id: { in: [...ids, ...clientIds] } },
      select: { id: true, name: true },
    }),
  ]);
  return new Map([
    ...users.map(({ id, email }): [string, string] => [id, email]),
    ...[...roles, ...clients].map(({ id, name }): [string, string] => [id, name]),
  ]);
}

/**
 * What a user did as themselves and to no other account: what an administrator does is told of to
 * whom it is done to.
 */
export const doneByOwner = (userId: string): Prisma.AuditEventWhereInput => ({
  actorId: userId,
  subjectId: null,
  OR: [{ targetType: null }, { targetType: { not: "user" } }, { targetId: userId }],
});

/** What a user did, or was done to them, of these actions, anywhere or in one organization; newest first. */
export async function listSecurityRows(
  userId: string,
  { actions, ...place }: { actions: string[]; organizationId?: string },
  countMax: number,
  db: Db = prisma(),
) {
  const select = {
    id: true,
    at: true,
    action: true,
    outcome: true,
    ip: true,
    userAgent: true,
    after: true,
  } as const;
  const orderBy: Prisma.AuditEventOrderByWithRelationInput[] = [{ at: "desc" }, { id: "desc" }];
  const newest = { orderBy, take: countMax, select };
  const wanted = { action: { in: actions }, ...place };
  // Two walks along two indexes; one query for both would read either whole.
  const [done, suffered] = await Promise.all([
    db.auditEvent.findMany({ where: { ...doneByOwner(userId), ...wanted }, ...newest }),
    db.auditEvent.findMany({ where: { targetId: userId, ...wanted }, ...newest }),
  ]);
  const byId = new Map([...done, ...suffered].map((row) => [row.id, row]));
  return [...byId.values()]
    .sort((one, other) => other.at.getTime() - one.at.getTime())
    .slice(0, countMax);
}
