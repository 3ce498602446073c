import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Parts } from "@/lib/authz/impact/person";
import type { StructureDifference } from "@/lib/authz/impact/structure";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Those whom conditions name, who are told apart from everybody else. */
export interface NamedInConditions {
  ids: string[];
  domains: string[];
}

/**
 * See {@link Parts}. What has run out is left out, by the database's clock (D19), and so are the
 * memberships of whoever is disabled: they do nothing anywhere.
 */
const partsOfUsers = ({ ids, domains }: NamedInConditions): Prisma.Sql => Prisma.sql`
  SELECT m.user_id, 'm:' || m.organization_id AS part
    FROM memberships m JOIN candidates c ON c.user_id = m.user_id
    JOIN users u ON u.id = m.user_id AND u.status <> 'disabled'
  UNION ALL
  SELECT ur.user_id, 'r:' || ur.role_id || ':' || COALESCE(ur.organization_id::text, '*')
    FROM user_roles ur JOIN candidates c ON c.user_id = ur.user_id
   WHERE ur.expires_at IS NULL OR ur.expires_at > now()
  UNION ALL
  SELECT tm.user_id, 't:' || tm.team_id
    FROM team_memberships tm JOIN candidates c ON c.user_id = tm.user_id
  UNION ALL
  SELECT c.user_id, 'u:' || c.user_id FROM candidates c WHERE c.user_id::text = ANY(${ids})
  UNION ALL
  SELECT u.id, 'd:' || split_part(u.email, '@', 2)
    FROM users u JOIN candidates c ON c.user_id = u.id
   WHERE split_part(u.email, '@', 2) = ANY(${domains})`;

/** These users themselves, by their id and the domain of their address, whatever conditions name. */
export async function listOwnParts(userIds: string[], db: Db): Promise<Map<string, Parts>> {
  if (userIds.length === 0) return new Map();
  const rows = await db.$queryRaw<{ domain: string }[]>`
    SELECT DISTINCT split_part(email, '@', 2) AS domain FROM users
     WHERE id = ANY(${userIds}::uuid[])`;
  return listParts(userIds, { ids: userIds, domains: rows.map(({ domain }) => domain) }, db);
}

/** The parts of these users, as they are within the transaction. */
export async function listParts(
  userIds: string[],
  named: NamedInConditions,
  db: Db = prisma(),
): Promise<Map<string, Parts>> {
  if (userIds.length === 0) return new Map();
  const rows = await db.$queryRaw<{ userId: string; parts: string[] }[]>`
    WITH candidates AS (SELECT id AS user_id FROM users WHERE id = ANY(${userIds}::uuid[])),
         parts AS (${partsOfUsers(named)})
    SELECT user_id AS "userId", array_agg(part ORDER BY part) AS parts FROM parts GROUP BY user_id`;
  return new Map(rows.map(({ userId, parts }) => [userId, parts]));
}

/** People who have the same parts: what one of them may do, all of them may. */
export interface PartsGroup {
  people: number;
  /** One of them, whose parts are everybody's here. */
  exampleId: string;
  /** The first of those in the organization whose people may be named, or of all, by their ids. */
  firstIds: string[];
  /** How many sessions of theirs have not ended, by organization. */
  sessions: Record<string, number>;
}

/** Whoever has something of what differs. */
const candidatesOf = (
  { roleIds, teamIds, places }: StructureDifference,
  apart: string[],
): Prisma.Sql => {
  const organizationIds = places.filter((id) => id !== null);
  return Prisma.sql`
    SELECT found.user_id FROM (
      SELECT user_id FROM user_roles WHERE role_id = ANY(${roleIds}::uuid[])
      UNION
      SELECT tm.user_id FROM team_memberships tm
        JOIN team_closure tc ON tc.team_id = tm.team_id
        JOIN team_roles tr ON tr.team_id = tc.ancestor_id AND tr.role_id = ANY(${roleIds}::uuid[])
      UNION
      SELECT user_id FROM team_memberships WHERE team_id = ANY(${teamIds}::uuid[])
      UNION
      SELECT user_id FROM memberships
       WHERE ${places.includes(null)} OR organization_id = ANY(${organizationIds}::uuid[])
    ) found
    WHERE found.user_id <> ALL(${apart}::uuid[])`;
};

/**
 * Whoever may be touched, by the sum of the hashes of their {@link Parts}: grouping by it costs one
 * pass over their rows, where the parts as text would be sorted for each. Two that are not the same
 * have the same sum once in 2^64 cases.
 */
export async function listPartsGroups(
  difference: StructureDifference,
  { ids, domains }: NamedInConditions,
  apart: string[],
  nameIn: string | null,
  namesMax: number,
  db: Db = prisma(),
): Promise<PartsGroup[]> {
  return db.$queryRaw<PartsGroup[]>`
    WITH candidates AS MATERIALIZED (${candidatesOf(difference, apart)}),
    hashes AS (
      SELECT m.user_id, uuid_hash_extended(m.organization_id, 1) AS hash,
             COALESCE(m.organization_id = ${nameIn}::uuid, true) AS nameable
        FROM memberships m JOIN candidates c ON c.user_id = m.user_id
        JOIN users u ON u.id = m.user_id AND u.status <> 'disabled'
      UNION ALL
      SELECT ur.user_id,
             uuid_hash_extended(ur.role_id, COALESCE(uuid_hash_extended(ur.organization_id, 2), 3)),
             false
        FROM user_roles ur JOIN candidates c ON c.user_id = ur.user_id
       WHERE ur.expires_at IS NULL OR ur.expires_at > now()
      UNION ALL
      SELECT tm.user_id, uuid_hash_extended(tm.team_id, 4), false
        FROM team_memberships tm JOIN candidates c ON c.user_id = tm.user_id
      UNION ALL
      SELECT c.user_id, uuid_hash_extended(c.user_id, 5), false
        FROM candidates c WHERE c.user_id::text = ANY(${ids})
      UNION ALL
      SELECT u.id, hashtextextended(split_part(u.email, '@', 2), 6), false
        FROM users u JOIN candidates c ON c.user_id = u.id
       WHERE split_part(u.email, '@', 2) = ANY(${domains})
    ), signed AS MATERIALIZED (
      SELECT user_id, sum(hash) AS signature, bool_or(nameable) AS nameable
        FROM hashes GROUP BY user_id
    ), live AS (
      SELECT g.signature, s.organization_id, count(*) AS sessions
        FROM sessions s JOIN signed g ON g.user_id = s.user_id
       WHERE s.revoked_at IS NULL AND s.idle_expires_at > now() AND s.absolute_expires_at > now()
       GROUP BY g.signature, s.organization_id
    )
    SELECT count(*)::int AS people,
           (array_agg(g.user_id::text))[1] AS "exampleId",
           COALESCE((array_agg(g.user_id::text ORDER BY g.user_id) FILTER (WHERE g.nameable))
                      [1:${namesMax}::int], '{}') AS "firstIds",
           COALESCE((SELECT jsonb_object_agg(l.organization_id, l.sessions)
                       FROM live l WHERE l.signature = g.signature), '{}') AS sessions
      FROM signed g
     GROUP BY g.signature`;
}

export interface SessionCount {
  userId: string;
  organizationId: string;
  sessions: number;
}

/** How many sessions of these users have not ended, as it is within the transaction. */
export async function countLiveSessions(userIds: string[], db: Db): Promise<SessionCount[]> {
  if (userIds.length === 0) return [];
  return db.$queryRaw`
    SELECT user_id AS "userId", organization_id AS "organizationId", count(*)::int AS sessions
      FROM sessions
     WHERE user_id = ANY(${userIds}::uuid[])
       AND revoked_at IS NULL AND idle_expires_at > now() AND absolute_expires_at > now()
     GROUP BY user_id, organization_id`;
}

/** Service accounts by what they have; there are few. */
export async function listServiceParts(db: Db = prisma()): Promise<Map<string, Parts>> {
  const rows = await db.$queryRaw<{ clientId: string; parts: string[] }[]>`
    SELECT a.client_id AS "clientId",
           ARRAY['s:' || a.client_id, 'm:' || a.organization_id]
             || ARRAY(SELECT 'r:' || r.role_id || ':*' FROM service_account_roles r
                       WHERE r.client_id = a.client_id) AS parts
      FROM service_accounts a`;
  return new Map(rows.map(({ clientId, parts }) => [clientId, parts]));
}

/** What these service accounts are called. */
export async function listServiceNames(
  clientIds: string[],
  db: Db = prisma(),
): Promise<{ id: string; name: string }[]> {
  if (clientIds.length === 0) return [];
  return db.oidcClient.findMany({
    where: { id: { in: clientIds } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: { id: true, name: true },
  });
}

export interface NamedPerson {
  id: string;
  name: string | null;
  email: string;
}

/** Who these are, of those whom the reader may see in their organization; of null, in any. */
export async function listNames(
  ids: string[],
  organizationId: string | null,
  visible: Prisma.UserWhereInput,
  db: Db = prisma(),
): Promise<NamedPerson[]> {
  const members = organizationId === null ? {} : { memberships: { some: { organizationId } } };
  return db.user.findMany({
    where: { AND: [{ id: { in: ids } }, members, visible] },
    orderBy: [{ email: "asc" }, { id: "asc" }],
    select: { id: true, name: true, email: true },
  });
}
