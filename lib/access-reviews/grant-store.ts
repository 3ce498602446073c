import "server-only";
import type { ItemKind, ReviewScope } from "@/lib/access-reviews/access-review.schema";
import type { Db } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";

/** What tells one grant from every other, also from the same one given again. */
export interface GrantKey {
  kind: ItemKind;
  grantId: string | null;
  userId: string | null;
  teamId: string | null;
  clientId: string | null;
  roleId: string | null;
  grantedAt: Date;
}

/** A grant as it is now, with the names that people know it by. */
export interface Grant extends GrantKey {
  subject: string;
  subjectName: string | null;
  grantName: string;
  everywhere: boolean;
  grantedByName: string | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/**
 * The grants in scope that count in the organization now, sorted by who has them. What has run
 * out is none. Roles of an organization elsewhere, and members elsewhere, are nobody's here (ATK-43).
 */
export function listGrants(
  { grants, roleIds, userIds, teams, services }: ReviewScope,
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<Grant[]> {
  const [byRole, byPerson] = [grants === "roles", grants === "people"];
  return db.$queryRaw<Grant[]>`
    SELECT * FROM (
      SELECT 'user-role' AS kind, ur.id AS "grantId", ur.user_id AS "userId", NULL::uuid AS "teamId",
             NULL::text AS "clientId", ur.role_id AS "roleId", ur.created_at AS "grantedAt",
             u.email AS subject, u.name AS "subjectName", r.name AS "grantName",
             ur.organization_id IS NULL AND r.organization_id IS NULL AS everywhere,
             giver.email AS "grantedByName", ur.expires_at AS "expiresAt",
             u.last_sign_in_at AS "lastUsedAt"
        FROM memberships m
        JOIN users u ON u.id = m.user_id
        JOIN user_roles ur ON ur.user_id = u.id
         AND (ur.organization_id IS NULL OR ur.organization_id = ${organizationId}::uuid)
        JOIN roles r ON r.id = ur.role_id
         AND (r.organization_id IS NULL OR r.organization_id = ${organizationId}::uuid)
        LEFT JOIN users giver ON giver.id = ur.granted_by
       WHERE m.organization_id = ${organizationId}::uuid
         AND (ur.expires_at IS NULL OR ur.expires_at > now())
         AND (NOT ${byRole}::boolean OR ur.role_id = ANY(${roleIds}::uuid[]))
         AND (NOT ${byPerson}::boolean OR ur.user_id = ANY(${userIds}::uuid[]))
      UNION ALL
      SELECT 'team-membership', NULL, tm.user_id, tm.team_id, NULL, NULL, tm.created_at,
             u.email, u.name, t.name, false, NULL, NULL, u.last_sign_in_at
        FROM team_memberships tm
        JOIN teams t ON t.id = tm.team_id
        JOIN users u ON u.id = tm.user_id
       WHERE ${teams}::boolean AND tm.organization_id = ${organizationId}::uuid
         AND (NOT ${byPerson}::boolean OR tm.user_id = ANY(${userIds}::uuid[]))
         AND (NOT ${byRole}::boolean OR EXISTS (
               SELECT 1 FROM team_closure c JOIN team_roles tr ON tr.team_id = c.ancestor_id
                WHERE c.team_id = tm.team_id AND tr.role_id = ANY(${roleIds}::uuid[])))
      UNION ALL
      SELECT 'team-role', NULL, NULL, tr.team_id, NULL, tr.role_id, tr.created_at,
             t.name, NULL, r.name, false, giver.email, tr.expires_at, NULL
        FROM team_roles tr
        JOIN teams t ON t.id = tr.team_id
        JOIN roles r ON r.id = tr.role_id
        LEFT JOIN users giver ON giver.id = tr.granted_by
       WHERE ${teams && !byPerson}::boolean AND t.organization_id = ${organizationId}::uuid
         AND (tr.expires_at IS NULL OR tr.expires_at > now())
         AND (NOT ${byRole}::boolean OR tr.role_id = ANY(${roleIds}::uuid[]))
      UNION ALL
      SELECT 'service-role', NULL, NULL, NULL, sr.client_id, sr.role_id, sr.created_at,
             c.name, NULL, r.name, false, giver.email, NULL, NULL
        FROM service_accounts a
        JOIN service_account_roles sr ON sr.client_id = a.client_id
        JOIN oidc_clients c ON c.id = a.client_id
        JOIN roles r ON r.id = sr.role_id
        LEFT JOIN users giver ON giver.id = sr.granted_by
       WHERE ${services && !byPerson}::boolean AND a.organization_id = ${organizationId}::uuid
         AND (NOT ${byRole}::boolean OR sr.role_id = ANY(${roleIds}::uuid[]))
    ) chosen
    ORDER BY subject, COALESCE("userId"::text, "teamId"::text, "clientId"), kind, "grantName",
             "grantId", "roleId", "teamId"
    LIMIT ${countMax}`;
}

/** Everybody who has what these teams have: their members, and those of the teams within them. */
export function listPeopleWithin(
  teamIds: string[],
  db: TenantDb,
): Promise<{ teamId: string; userId: string }[]> {
  return db.$queryRaw<{ teamId: string; userId: string }[]>`
    SELECT DISTINCT c.ancestor_id AS "teamId", tm.user_id AS "userId"
      FROM team_closure c JOIN team_memberships tm ON tm.team_id = c.team_id
     WHERE c.ancestor_id = ANY(${teamIds}::uuid[])`;
}

/**
 * Takes exactly this grant away; false when it has run out, is gone, or was given anew since: that
 * one is another.
 */
export async function deleteGrant(
  grant: GrantKey,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const { kind, grantId, userId, teamId, clientId, roleId, grantedAt } = grant;
  switch (kind) {
    case "user-role":
      return (
        (await db.$executeRaw`
          DELETE FROM user_roles
           WHERE id = ${grantId}::uuid AND user_id = ${userId}::uuid AND role_id = ${roleId}::uuid
             AND (organization_id IS NULL OR organization_id = ${organizationId}::uuid)
             AND (expires_at IS NULL OR expires_at > statement_timestamp())`) === 1
      );
    case "team-membership":
      return (
        (await db.$executeRaw`
          DELETE FROM team_memberships
           WHERE team_id = ${teamId}::uuid AND user_id = ${userId}::uuid
             AND organization_id = ${organizationId}::uuid AND created_at = ${grantedAt}::timestamptz`) ===
        1
      );
    case "team-role":
      return (
        (await db.$executeRaw`
          DELETE FROM team_roles tr USING teams t
           WHERE t.id = tr.team_id AND t.organization_id = ${organizationId}::uuid
             AND tr.team_id = ${teamId}::uuid AND tr.role_id = ${roleId}::uuid
             AND tr.created_at = ${grantedAt}::timestamptz
             AND (tr.expires_at IS NULL OR tr.expires_at > statement_timestamp())`) === 1
      );
    case "service-role":
      return (
        (await db.$executeRaw`
          DELETE FROM service_account_roles sr USING service_accounts a
           WHERE a.client_id = sr.client_id AND a.organization_id = ${organizationId}::uuid
             AND sr.client_id = ${clientId}::text AND sr.role_id = ${roleId}::uuid
             AND sr.created_at = ${grantedAt}::timestamptz`) === 1
      );
  }
}

/** Whether exactly this grant is still there, and has not run out. */
export async function isGrantThere(
  grant: GrantKey,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const { kind, grantId, userId, teamId, clientId, roleId, grantedAt } = grant;
  const [row] = await db.$queryRaw<[{ there: boolean }]>`
    SELECT CASE ${kind}::text
      WHEN 'user-role' THEN EXISTS (
        SELECT 1 FROM user_roles WHERE id = ${grantId}::uuid
           AND (expires_at IS NULL OR expires_at > statement_timestamp()))
      WHEN 'team-membership' THEN EXISTS (
        SELECT 1 FROM team_memberships
         WHERE team_id = ${teamId}::uuid AND user_id = ${userId}::uuid
           AND organization_id = ${organizationId}::uuid AND created_at = ${grantedAt}::timestamptz)
      WHEN 'team-role' THEN EXISTS (
        SELECT 1 FROM team_roles
         WHERE team_id = ${teamId}::uuid AND role_id = ${roleId}::uuid AND created_at = ${grantedAt}::timestamptz
           AND (expires_at IS NULL OR expires_at > statement_timestamp()))
      ELSE EXISTS (
        SELECT 1 FROM service_account_roles
         WHERE client_id = ${clientId}::text AND role_id = ${roleId}::uuid AND created_at = ${grantedAt}::timestamptz)
    END AS there`;
  return row.there;
}
