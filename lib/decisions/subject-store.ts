import "server-only";
import { pool } from "@/lib/platform/db/pool";
import {
  OF_ACTIVE_MEMBERS,
  PRINCIPAL_COLUMNS,
  PRINCIPAL_JOINS,
  type PrincipalRow,
} from "@/lib/sessions/principal-row";

export interface MemberRow {
  id: string;
  email: string;
  name: string | null;
  status: string;
}

/** A member of the organization by id or by address, whatever their status (ATK-43). */
export async function findMember(
  by: { id: string } | { email: string },
  organizationId: string,
): Promise<MemberRow | null> {
  const { rows } = await pool().query<MemberRow>({
    name: "find-asked-member",
    text: `SELECT u.id, u.email, u.name, u.status::text AS status
             FROM users u JOIN memberships m ON m.user_id = u.id
            WHERE m.organization_id = $3 AND (u.id = $1 OR u.email = $2)`,
    values: ["id" in by ? by.id : null, "email" in by ? by.email : null, organizationId],
  });
  return rows[0] ?? null;
}

/** Where a list of subjects goes on. */
export interface Walked {
  afterId: string | null;
  countMax: number;
}

/** A session that nobody has, with the columns that the statements about a principal ask for. */
const IMAGINED = `m.user_id AS id, m.user_id, m.organization_id`;

/** The principal row of an active member, as a session of this class would have it. */
export async function findImaginedUser(
  userId: string,
  organizationId: string,
  acr: string,
): Promise<PrincipalRow | null> {
  const { rows } = await pool().query<PrincipalRow>({
    name: "find-imagined-user",
    text: `SELECT ${PRINCIPAL_COLUMNS}
             FROM (SELECT ${IMAGINED}, $3::text AS acr, ARRAY[]::text[] AS amr
                     FROM memberships m WHERE m.user_id = $1 AND m.organization_id = $2) s
             ${OF_ACTIVE_MEMBERS}
             ${PRINCIPAL_JOINS}`,
    values: [userId, organizationId, acr],
  });
  return rows[0] ?? null;
}

/**
 * The same of everybody who could hold the permission at all, by id: those whose roles give it,
 * or all where a policy allows it. Grants for own records count for `ownerId` alone where it is
 * known, so that the one owner is not looked for among a million.
 */
export async function listCandidates(
  permissionKey: string,
  organizationId: string,
  { everybody, ownerId }: { everybody: boolean; ownerId: string | null },
  { afterId, countMax }: Walked,
  acr: string,
): Promise<PrincipalRow[]> {
  const { rows } = await pool().query<PrincipalRow>({
    name: everybody ? "list-candidates-all" : "list-candidates",
    text: `SELECT ${PRINCIPAL_COLUMNS}
             FROM (SELECT ${IMAGINED}, $4::text AS acr, ARRAY[]::text[] AS amr
                     FROM memberships m
                    WHERE m.organization_id = $1 AND ($2::uuid IS NULL OR m.user_id > $2)
                      ${everybody ? "" : `AND m.user_id IN (${HOLDERS})`}) s
             ${OF_ACTIVE_MEMBERS}
             ${PRINCIPAL_JOINS}
            ORDER BY s.user_id
            LIMIT $3`,
    values: [
      organizationId,
      afterId,
      countMax,
      acr,
      ...(everybody ? [] : [permissionKey, ownerId]),
    ],
  });
  return rows;
}

const HOLDERS = `SELECT g.user_id
                   FROM permissions p
                   JOIN role_permissions rp ON rp.permission_id = p.id
                   JOIN given_roles g ON g.given_role_id = rp.role_id
                  WHERE p.key = $5
                    AND (g.organization_id IS NULL OR g.organization_id = $1)
                    AND ($2::uuid IS NULL OR g.user_id > $2)
                    AND ($6::uuid IS NULL OR g.user_id = $6
                         OR rp.condition IS DISTINCT FROM '{"kind": "own"}'::jsonb)`;

/** The ids of the clients that act for themselves in the organization, in their order. */
export async function listServiceIds(
  organizationId: string,
  { afterId, countMax }: Walked,
): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>({
    name: "list-service-ids",
    text: `SELECT c.id
             FROM oidc_clients c
            CROSS JOIN instance i
             LEFT JOIN service_accounts a ON a.client_id = c.id
            WHERE c.kind = 'service' AND c.disabled_at IS NULL
              AND COALESCE(a.organization_id, i.default_organization_id) = $1
              AND ($2::text IS NULL OR c.id > $2)
            ORDER BY c.id
            LIMIT $3`,
    values: [organizationId, afterId, countMax],
  });
  return rows.map(({ id }) => id);
}
