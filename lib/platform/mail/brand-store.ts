import "server-only";
import type { Db } from "@/lib/platform/db/client";

/** In whose look a mail is: what it is about says it, or the page that it was asked for on. */
export type MailSender = { organizationId: string } | { slug: string };

export interface MailBrand {
  name: string;
  /** `#rrggbb`, as it was chosen; null for the installation's own. */
  accent: string | null;
}

/**
 * The name and colour of the organization, where it has chosen any, and else those of the one that new
 * accounts begin in; null where neither has, as on the pages on the way in.
 */
export async function findMailBrand(
  sender: MailSender | undefined,
  db: Db,
): Promise<MailBrand | null> {
  const { organizationId, slug } = { organizationId: null, slug: null, ...sender };
  const rows = await db.$queryRaw<MailBrand[]>`
    SELECT COALESCE(b.name, o.name) AS name, b.accent
      FROM organizations o JOIN organization_brandings b ON b.organization_id = o.id
     WHERE (o.id = ${organizationId}::uuid OR o.slug = ${slug}
            OR o.id = (SELECT default_organization_id FROM instance))
       AND (b.name IS NOT NULL OR b.accent IS NOT NULL)
     ORDER BY (o.id = ${organizationId}::uuid OR o.slug = ${slug}) IS TRUE DESC LIMIT 1`;
  return rows[0] ?? null;
}
