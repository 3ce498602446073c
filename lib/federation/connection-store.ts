import "server-only";
import type { Connection } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

/** What signing in through a connection takes. */
export type OfferedRow = Pick<
  Connection,
  | "id"
  | "organizationId"
  | "slug"
  | "name"
  | "preset"
  | "issuer"
  | "clientId"
  | "clientSecret"
  | "authMethod"
  | "scopes"
  | "domains"
>;

/**
 * The connections that people are offered: whoever is new gets into the default
 * organization, so only its connections, and of them those that are switched on.
 */
export const listOffered = (db: Db = prisma()): Promise<OfferedRow[]> =>
  db.$queryRaw<OfferedRow[]>`
    SELECT c.id, c.organization_id AS "organizationId", c.slug, c.name, c.preset, c.issuer, c.client_id AS "clientId",
           c.client_secret AS "clientSecret", c.auth_method AS "authMethod", c.scopes, c.domains
      FROM connections c JOIN instance i ON i.default_organization_id = c.organization_id
     WHERE c.enabled ORDER BY c.name, c.slug`;

/** A connection and its issuer as they were when the provider was asked. */
export type AskedConnection = Pick<OfferedRow, "id" | "issuer">;

/**
 * False when the connection is not offered, or is another one or at another issuer than
 * the one that was asked. Otherwise it stays so until the transaction ends: nobody comes in
 * by one that is switched off, changed or deleted meanwhile (ATK-11, ATK-16).
 */
export async function holdOffered(
  slug: string,
  { id, issuer }: AskedConnection,
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM connections c JOIN instance i ON i.default_organization_id = c.organization_id
     WHERE c.slug = ${slug} AND c.id = ${id}::uuid AND c.issuer = ${issuer}
       AND c.enabled FOR SHARE OF c`;
  return rows.length === 1;
}

/** Whether it is the one that whoever is new gets into. */
export async function isOfDefaultOrganization(
  organizationId: string,
  db: Db = prisma(),
): Promise<boolean> {
  const where = { defaultOrganizationId: organizationId };
  return (await db.instance.findFirst({ where, select: { id: true } })) !== null;
}
