import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type Condition, readCondition } from "@/lib/authz/condition.schema";
import { isFactLeaf } from "@/lib/authz/judge-leaf";

/** Who a statement asks about, in its own words. */
export interface AskerSql {
  kind: "user" | "service";
  id: Prisma.Sql;
  organizationId: Prisma.Sql;
  /** Only a user's. */
  email: Prisma.Sql;
}

const YES = Prisma.sql`TRUE`;
const NO = Prisma.sql`FALSE`;

/**
 * `couldCount` of an allow as a statement asks it of many at once: whether its condition could be met by
 * somebody, in some request and for some record. What cannot be read allows nothing (FLT-26).
 */
export function couldCountSql(stored: unknown, asker: AskerSql): Prisma.Sql {
  if (stored === null) return YES;
  const condition = readCondition(stored);
  return condition === null ? NO : could(condition, asker, true);
}

/** Whether it counts whatever the request and the record are: `surelyCounts` in the same way. */
export function surelyCountsSql(stored: unknown, asker: AskerSql): Prisma.Sql {
  if (stored === null) return YES;
  const condition = readCondition(stored);
  return condition === null ? NO : Prisma.sql`NOT (${could(condition, asker, false)})`;
}

function could(condition: Condition, asker: AskerSql, wanted: boolean): Prisma.Sql {
  switch (condition.kind) {
    case "all":
    case "any": {
      const parts = condition.conditions.map((part) => could(part, asker, wanted));
      const isForEvery = (condition.kind === "all") === wanted;
      return Prisma.sql`(${Prisma.join(parts, isForEvery ? " AND " : " OR ")})`;
    }
    case "not":
      return could(condition.condition, asker, !wanted);
    default: {
      const met = isFactLeaf(condition) ? metBy(condition, asker) : null;
      if (met === null) return YES;
      return wanted ? met : Prisma.sql`NOT (${met})`;
    }
  }
}

/** What only says who asks; null for what another request or record may say differently. */
function metBy(
  leaf: Extract<Condition, { kind: string }>,
  { kind, id, organizationId, email }: AskerSql,
): Prisma.Sql | null {
  switch (leaf.kind) {
    case "user":
      return Prisma.sql`${id}::text = ANY(${leaf.ids}::text[])`;
    case "role":
      return kind === "user"
        ? Prisma.sql`EXISTS (SELECT 1 FROM given_roles cg
                              WHERE cg.user_id = ${id} AND cg.given_role_id = ANY(${leaf.ids}::uuid[])
                                AND (cg.organization_id IS NULL
                                     OR cg.organization_id = ${organizationId}))`
        : Prisma.sql`EXISTS (SELECT 1 FROM service_given_roles cg
                              WHERE cg.client_id = ${id} AND cg.given_role_id = ANY(${leaf.ids}::uuid[])
                                AND cg.organization_id = ${organizationId})`;
    case "team":
      return kind === "user"
        ? Prisma.sql`EXISTS (SELECT 1 FROM team_memberships ct
                               JOIN team_closure cc ON cc.team_id = ct.team_id
                              WHERE ct.user_id = ${id} AND ct.organization_id = ${organizationId}
                                AND cc.ancestor_id = ANY(${leaf.ids}::uuid[]))`
        : NO;
    case "email-domain":
      // Nothing is known of the address of a service account, so that it may be any.
      return kind === "user"
        ? Prisma.sql`split_part(${email}, '@', -1) = ANY(${leaf.domains}::text[])`
        : null;
    default:
      return null;
  }
}
