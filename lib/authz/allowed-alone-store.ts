import "server-only";
import type { Db } from "@/lib/platform/db/client";

export interface AllowRow {
  /** Where the policy counts; null is everywhere. */
  organizationId: string | null;
  permissions: string[];
  condition: unknown;
  /** Whether it counts somewhere where the author is. */
  reachesAuthor: boolean;
}

/** The policies in force that allow something on a condition, where the user is a member. */
export function listAllowsFor(userId: string, authorId: string, db: Db): Promise<AllowRow[]> {
  return db.$queryRaw<AllowRow[]>`
    SELECT o.organization_id AS "organizationId", v.permissions, v.condition,
           o.organization_id IS NULL
             OR EXISTS (SELECT 1 FROM memberships a
                         WHERE a.organization_id = o.organization_id AND a.user_id::text = ${authorId})
             AS "reachesAuthor"
      FROM policies o
      JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
     WHERE v.effect = 'allow' AND v.condition IS NOT NULL
       AND (o.organization_id IS NULL
            OR EXISTS (SELECT 1 FROM memberships m
                        WHERE m.organization_id = o.organization_id AND m.user_id = ${userId}::uuid))`;
}

/** By what conditions can name the user: the id, every role and team, and the domain of the address. */
export async function listWordsOf(userId: string, db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ word: string }[]>`
    SELECT given_role_id::text AS word FROM given_roles WHERE user_id = ${userId}::uuid
    UNION
    SELECT c.ancestor_id::text
      FROM team_memberships m JOIN team_closure c ON c.team_id = m.team_id
     WHERE m.user_id = ${userId}::uuid
    UNION
    SELECT split_part(email, '@', 2) FROM users WHERE id = ${userId}::uuid
    UNION
    SELECT ${userId}`;
  return rows.map(({ word }) => word);
}
