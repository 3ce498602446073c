import "server-only";
import type { NewClaim } from "@/lib/oidc/claim-template.schema";
import type { ClaimFacts } from "@/lib/oidc/render-claims";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface ClaimTemplateRow {
  id: string;
  name: string;
  value: unknown;
  scope: string;
  targets: string[];
  clientId: string | null;
}

/** What holds for a client: where there is a template of its own, that of all does not count. */
export async function findTemplates(clientId: string): Promise<ClaimTemplateRow[]> {
  // PostgreSQL knows no NUL.
  if (clientId.includes("\u0000")) return [];
  return (await lookUp(clientId))?.templates ?? [];
}

const lookUp = batchedLookup<string, { templates: ClaimTemplateRow[] }>({
  name: "find-claim-templates",
  text: `SELECT asked.id AS key, jsonb_agg(t ORDER BY t.name) AS templates
           FROM unnest($1::text[]) AS asked(id)
          CROSS JOIN LATERAL (
                SELECT DISTINCT ON (name) id, name, value, scope, targets, client_id AS "clientId"
                  FROM claim_templates WHERE client_id = asked.id OR client_id IS NULL
                 ORDER BY name, client_id NULLS LAST) t
          GROUP BY asked.id`,
  textOf: (id) => id,
});

/** Where what is said of a user holds: in one organization, or in that of their session. */
export type ClaimPlace = { organizationId: string } | { sessionId: string | null };

/**
 * What templates can say of a user there; without a session, in the organization they have
 * belonged to longest. Nothing of one that they do not belong to; null for nobody.
 */
export async function findClaimFacts(
  userId: string,
  place: ClaimPlace,
): Promise<ClaimFacts | null> {
  const { rows } = await pool().query<ClaimFacts>({
    name: "find-claim-facts",
    text: `WITH named AS (
             SELECT COALESCE($3::uuid, (SELECT s.organization_id FROM sessions s
                                         WHERE s.id = $2::uuid AND s.user_id = $1)) AS id),
           place AS (
             SELECT (SELECT m.organization_id FROM memberships m
                      WHERE m.user_id = $1 AND (named.id IS NULL OR m.organization_id = named.id)
                      ORDER BY m.created_at, m.organization_id LIMIT 1) AS id
               FROM named)
           SELECT u.id, u.name, u.email, o.slug AS "organizationSlug", o.name AS "organizationName",
                  ARRAY(SELECT DISTINCT r.name FROM given_roles g JOIN roles r ON r.id = g.given_role_id
                         WHERE g.user_id = u.id
                           AND (g.organization_id IS NULL OR g.organization_id = place.id)
                         ORDER BY r.name) AS roles
             FROM users u CROSS JOIN place LEFT JOIN organizations o ON o.id = place.id
            WHERE u.id = $1 AND u.status = 'active'`,
    values: [
      userId,
      "sessionId" in place ? place.sessionId : null,
      "organizationId" in place ? place.organizationId : null,
    ],
  });
  return rows[0] ?? null;
}

const SHOWN = {
  id: true,
  name: true,
  value: true,
  scope: true,
  targets: true,
  clientId: true,
} as const;

export const listTemplates = (db: Db = prisma()): Promise<ClaimTemplateRow[]> =>
  db.claimTemplate.findMany({
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: SHOWN,
  });

export async function insertTemplate(id: string, claim: NewClaim, db: Db): Promise<void> {
  await db.claimTemplate.create({ data: { id, ...claim } });
}

/** Deletes one by a conditional statement; returns what it was, or null. */
export async function deleteTemplate(id: string, db: Db): Promise<ClaimTemplateRow | null> {
  const rows = await db.$queryRaw<ClaimTemplateRow[]>`
    DELETE FROM claim_templates WHERE id = ${id}::uuid
    RETURNING id, name, value, scope, targets, client_id AS "clientId"`;
  return rows[0] ?? null;
}

export const countTemplates = (db: Db): Promise<number> => db.claimTemplate.count();
