import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { LedPerson } from "@/lib/organizations/asked-store";
import { type Db, prisma } from "@/lib/platform/db/client";

/**
 * Everybody who has the role by whatever path, in every organization where it counts for them: whether
 * something else asks them for a second factor there, and whether they have one.
 */
const holders = (roleId: string): Prisma.Sql => Prisma.sql`
  WITH holders AS (
    SELECT DISTINCT m.user_id, m.organization_id
      FROM given_roles g
      JOIN memberships m ON m.user_id = g.user_id
       AND (g.organization_id IS NULL OR g.organization_id = m.organization_id)
      JOIN users u ON u.id = m.user_id AND u.status = 'active'
     WHERE g.given_role_id = ${roleId}::uuid
  ), judged AS (
    SELECT h.user_id, h.organization_id,
           COALESCE(p.mfa_required, false) OR EXISTS (
             SELECT 1 FROM given_roles g JOIN roles r ON r.id = g.given_role_id
              WHERE g.user_id = h.user_id AND r.mfa_required AND r.id <> ${roleId}::uuid
                AND (g.organization_id IS NULL OR g.organization_id = h.organization_id)
             ) AS otherwise,
           EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = h.user_id)
             OR EXISTS (SELECT 1 FROM credentials_totp c
                         WHERE c.user_id = h.user_id AND c.confirmed_at IS NOT NULL)
             OR (COALESCE(p.sms_allowed, true)
                 AND EXISTS (SELECT 1 FROM credentials_phone c
                              WHERE c.user_id = h.user_id AND c.confirmed_at IS NOT NULL)) AS has
      FROM holders h
      LEFT JOIN sign_in_policies p ON p.organization_id = h.organization_id
  )`;

export interface AskedByRole {
  /** Whom nothing but the role asks. */
  asked: number;
  /** Of those, who has none. */
  led: number;
}

export async function countAskedByRole(roleId: string, db: Db = prisma()): Promise<AskedByRole> {
  const [row] = await db.$queryRaw<[AskedByRole]>`
    ${holders(roleId)}
    SELECT count(DISTINCT user_id) FILTER (WHERE NOT otherwise)::int AS asked,
           count(DISTINCT user_id) FILTER (WHERE NOT otherwise AND NOT has)::int AS led
      FROM judged`;
  return row;
}

/** The first of those in the organization who would be led to set up a second factor. */
export function listLedByRole(
  roleId: string,
  organizationId: string,
  countMax: number,
  db: Db = prisma(),
): Promise<LedPerson[]> {
  return db.$queryRaw<LedPerson[]>`
    ${holders(roleId)}
    SELECT u.id, u.email, u.name FROM judged j JOIN users u ON u.id = j.user_id
     WHERE j.organization_id = ${organizationId}::uuid AND NOT j.otherwise AND NOT j.has
     ORDER BY u.email, u.id LIMIT ${countMax}`;
}
