import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { MEMBER, SERVICE, SERVICE_ACCOUNTS } from "@/lib/authz/asker-sql";
import { loadedCondition } from "@/lib/authz/condition-sql";
import { couldCountSql, surelyCountsSql } from "@/lib/authz/could-count-sql";
import type { Db } from "@/lib/platform/db/client";

/** A policy in force as it counts in one organization. */
export interface PlacedPolicy {
  organizationId: string;
  effect: "allow" | "deny";
  /** Whether each permission is of the whole instance, by its key. */
  permissions: Record<string, boolean>;
  condition: unknown;
  /** Whether the author is in that organization. */
  reachesAuthor: boolean;
}

const CONDITION = Prisma.raw(loadedCondition("v.condition"));

/** Those that are about whole permissions, in each of the organizations that `places` selects. */
function listPlaced(
  places: Prisma.Sql,
  author: { userId: string; organizationId: string },
  db: Db,
): Promise<PlacedPolicy[]> {
  return db.$queryRaw<PlacedPolicy[]>`
    SELECT place.id AS "organizationId", v.effect, about.permissions, ${CONDITION},
           place.id = ${author.organizationId}::uuid
             OR EXISTS (SELECT 1 FROM memberships a
                         WHERE a.organization_id = place.id AND a.user_id::text = ${author.userId})
             AS "reachesAuthor"
      FROM (${places}) place
      JOIN policies o ON o.organization_id IS NULL OR o.organization_id = place.id
      JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
     CROSS JOIN LATERAL (SELECT jsonb_object_agg(p.key, p.instance_wide) AS permissions
                           FROM permissions p
                          WHERE p.key = ANY (v.permissions)
                            AND (NOT p.instance_wide OR o.organization_id IS NULL)) about
     WHERE cardinality(v.fields) = 0 AND about.permissions IS NOT NULL`;
}

type Author = Parameters<typeof listPlaced>[1];

/** Of every organization that one of these users is a member of. */
export const listPoliciesAround = (userIds: string[], author: Author, db: Db) =>
  listPlaced(
    Prisma.sql`SELECT DISTINCT organization_id AS id FROM memberships
                WHERE user_id = ANY(${userIds}::uuid[])`,
    author,
    db,
  );

/** Of every organization that one of these clients acts in. */
export const listPoliciesAroundServices = (clientIds: string[], author: Author, db: Db) =>
  listPlaced(
    Prisma.sql`SELECT DISTINCT a.organization_id AS id FROM ${SERVICE_ACCOUNTS} a
                WHERE a.client_id = ANY(${clientIds}::text[])`,
    author,
    db,
  );

/** Of one organization. */
export const listPoliciesIn = (organizationId: string, author: Author, db: Db) =>
  listPlaced(Prisma.sql`SELECT ${organizationId}::uuid AS id`, author, db);

/** Where a service account acts that has had no role yet. */
export async function findDefaultPlace(db: Db): Promise<string> {
  const { defaultOrganizationId } = await db.instance.findUniqueOrThrow({ where: { id: 1 } });
  return defaultOrganizationId;
}

/** A condition of an allow in an organization, and those of the denials of the same. Null holds always. */
export interface Allowance {
  organizationId: string;
  condition: unknown;
  denials: unknown[];
}

/** Whom of these each allowance could reach, in some request and for some record, by its index. */
export function listReached(
  kind: "user" | "service",
  ids: string[],
  allowances: Allowance[],
  db: Db,
): Promise<{ id: string; index: number }[]> {
  const asker = kind === "user" ? MEMBER : SERVICE;
  const each = allowances.map(({ organizationId, condition, denials }, index) => {
    const open = denials.map((denial) => Prisma.sql`NOT (${surelyCountsSql(denial, asker)})`);
    const met = Prisma.join([couldCountSql(condition, asker), ...open], " AND ");
    return kind === "user"
      ? Prisma.sql`SELECT m.user_id::text AS id, ${index}::int AS index
                     FROM memberships m JOIN users u ON u.id = m.user_id
                    WHERE m.user_id = ANY(${ids}::uuid[])
                      AND m.organization_id = ${organizationId}::uuid AND ${met}`
      : Prisma.sql`SELECT a.client_id AS id, ${index}::int AS index
                     FROM ${SERVICE_ACCOUNTS} a
                    WHERE a.client_id = ANY(${ids}::text[])
                      AND a.organization_id = ${organizationId}::uuid AND ${met}`;
  });
  return db.$queryRaw`${Prisma.join(each, " UNION ALL ")}`;
}
