import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { type Db, prisma } from "@/lib/platform/db/client";

type Rules = Pick<SignInRules, "mfaRequired" | "adminMfaRequired" | "smsAllowed">;

/**
 * Every active member of the organization: whether they are held to a second factor, by its rules or
 * by a role, and whether they have one, under the rules of before and of after.
 */
const members = (
  organizationId: string,
  before: Rules,
  after: Rules,
  administrativeKeys: string[],
): Prisma.Sql => Prisma.sql`
  WITH asking AS (
    SELECT DISTINCT g.user_id FROM given_roles g JOIN roles r ON r.id = g.given_role_id
     WHERE r.mfa_required
       AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid)
  ), administrators AS (
    SELECT DISTINCT g.user_id
      FROM given_roles g
      JOIN role_permissions rp ON rp.role_id = g.given_role_id
      JOIN permissions p ON p.id = rp.permission_id AND p.key = ANY(${administrativeKeys})
     WHERE g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid
  ), facts AS (
    SELECT u.id, u.email, u.name,
           a.user_id IS NOT NULL AS by_role, ad.user_id IS NOT NULL AS administers,
           EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = u.id)
             OR EXISTS (SELECT 1 FROM credentials_totp c
                         WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL) AS strong,
           EXISTS (SELECT 1 FROM credentials_phone c
                    WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL) AS phone
      FROM memberships m
      JOIN users u ON u.id = m.user_id AND u.status = 'active'
      LEFT JOIN asking a ON a.user_id = u.id
      LEFT JOIN administrators ad ON ad.user_id = u.id
     WHERE m.organization_id = ${organizationId}::uuid
  ), judged AS (
    SELECT id, email, name,
           by_role OR ${before.mfaRequired} OR (administers AND ${before.adminMfaRequired}) AS asked_before,
           by_role OR ${after.mfaRequired} OR (administers AND ${after.adminMfaRequired}) AS asked_after,
           NOT by_role AND NOT ${after.mfaRequired} AS in_administration_only,
           strong OR (phone AND ${before.smsAllowed}) AS has_before,
           strong OR (phone AND ${after.smsAllowed}) AS has_after
      FROM facts
  )`;

export interface AskedCounts {
  /** Newly held to a second factor, whether they have one or not. */
  asked: number;
  /** Of all who are then held to one: who has none, and was not led to set one up before. */
  led: number;
  /** Not held to one any more. */
  released: number;
  /** Live sessions that have proven one factor only, of those newly asked in administration alone. */
  administering: number;
}

export async function countAsked(
  organizationId: string,
  before: Rules,
  after: Rules,
  administrativeKeys: string[],
  db: Db = prisma(),
): Promise<AskedCounts> {
  const [row] = await db.$queryRaw<[AskedCounts]>`
    ${members(organizationId, before, after, administrativeKeys)}
    SELECT count(*) FILTER (WHERE asked_after AND NOT asked_before)::int AS asked,
           count(*) FILTER (WHERE asked_after AND NOT has_after
                              AND NOT (asked_before AND NOT has_before))::int AS led,
           count(*) FILTER (WHERE asked_before AND NOT asked_after)::int AS released,
           (SELECT count(*)::int FROM sessions s JOIN judged j ON j.id = s.user_id
             WHERE s.organization_id = ${organizationId}::uuid AND s.acr = 'urn:gatehouse:aal1'
               AND j.asked_after AND NOT j.asked_before AND j.in_administration_only
               AND s.revoked_at IS NULL AND s.idle_expires_at > now()
               AND s.absolute_expires_at > now()) AS administering
      FROM judged`;
  return row;
}

export interface LedPerson {
  id: string;
  email: string;
  name: string | null;
}

/** The first of those who would be led to set up a second factor. */
export function listLed(
  organizationId: string,
  before: Rules,
  after: Rules,
  administrativeKeys: string[],
  countMax: number,
  db: Db = prisma(),
): Promise<LedPerson[]> {
  return db.$queryRaw<LedPerson[]>`
    ${members(organizationId, before, after, administrativeKeys)}
    SELECT id, email, name FROM judged
     WHERE asked_after AND NOT has_after AND NOT (asked_before AND NOT has_before)
     ORDER BY email, id LIMIT ${countMax}`;
}

/** Whether the member is asked for a second factor by a role, and what they could prove one with. */
export async function findFactorsOf(
  organizationId: string,
  userId: string,
  db: Db = prisma(),
): Promise<{ byRole: boolean; strong: boolean; phone: boolean }> {
  const rules = { mfaRequired: false, adminMfaRequired: false, smsAllowed: true };
  const rows = await db.$queryRaw<{ byRole: boolean; strong: boolean; phone: boolean }[]>`
    ${members(organizationId, rules, rules, [])}
    SELECT by_role AS "byRole", strong, phone FROM facts WHERE id::text = ${userId}`;
  return rows[0] ?? { byRole: false, strong: false, phone: false };
}
