import "server-only";
import { pool } from "@/lib/platform/db/pool";
import type { Look } from "@/lib/shared/look";

/** An organization, by what an address or a session names it by, or by a domain that it has shown to be its own. */
export type NamedOrganization = { slug: string } | { id: string } | { domain: string };

/**
 * The look of the named organization, where it has chosen one, and else that of the one that new
 * accounts begin in; null where neither has. So one without a look and none at all are the same.
 */
export async function findLookRow(named: NamedOrganization | null): Promise<Look | null> {
  const { slug, id, domain } = { slug: null, id: null, domain: null, ...named };
  const { rows } = await pool().query<Look>({
    name: "find-look",
    text: `SELECT o.id AS "organizationId", COALESCE(b.name, o.name) AS name, b.accent,
                  COALESCE(l.logos, '{}') AS logos
             FROM (SELECT o.id, o.name, o.slug = $1 OR o.id = $2 OR d.id IS NOT NULL AS named
                     FROM organizations o
                     LEFT JOIN organization_domains d ON d.organization_id = o.id
                      AND d.domain = $3 AND d.verified_at IS NOT NULL
                    WHERE o.slug = $1 OR o.id = $2 OR d.id IS NOT NULL
                       OR o.id = (SELECT default_organization_id FROM instance)) o
             LEFT JOIN organization_brandings b ON b.organization_id = o.id
             LEFT JOIN LATERAL (
               SELECT jsonb_object_agg(g.scheme, encode(g.digest, 'hex')) AS logos
                 FROM organization_logos g WHERE g.organization_id = o.id) l ON true
            WHERE b.name IS NOT NULL OR b.accent IS NOT NULL OR l.logos IS NOT NULL
            ORDER BY o.named IS TRUE DESC LIMIT 1`,
    values: [slug, id, domain],
  });
  return rows[0] ?? null;
}
