import "server-only";
import type { Principal } from "@/lib/shared/principal";

// What is asked of the database about whoever acts, in one statement with the row that shows who
// that is: `s`, a session or whatever else has its user, organization, `acr` and `amr`.

/** Of what {@link PRINCIPAL_COLUMNS} gives. */
export interface PrincipalRow {
  /** Of the row `s`. */
  shownById: string;
  userId: string;
  email: string;
  name: string | null;
  organizationId: string;
  organizationName: string;
  networks: string[];
  acr: string;
  amr: string[];
  secondFactorEnrolled: boolean;
  mfaRequired: boolean;
  adminMfaRequired: boolean;
  passwordExpired: boolean;
  grantsVersion: string;
  asOf: Date;
}

/** Rows of active members, with the rules `p` of their organization. */
export const OF_ACTIVE_MEMBERS = `JOIN users u ON u.id = s.user_id AND u.status = 'active'
             JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id
             LEFT JOIN sign_in_policies p ON p.organization_id = s.organization_id`;

export const PRINCIPAL_JOINS = `JOIN organizations o ON o.id = s.organization_id
             LEFT JOIN credentials_password w ON w.user_id = s.user_id
            CROSS JOIN instance i`;

export const PRINCIPAL_COLUMNS = `s.id AS "shownById", u.id AS "userId", u.email, u.name,
                  s.organization_id AS "organizationId", o.name AS "organizationName",
                  COALESCE(p.networks, '{}') AS networks,
                  CASE WHEN COALESCE(p.sms_allowed, true) OR NOT 'sms' = ANY(s.amr)
                         OR s.amr && ARRAY['otp', 'hwk'] THEN s.acr
                       ELSE 'urn:gatehouse:aal1' END AS acr,
                  s.amr,
                  EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = u.id)
                    OR EXISTS (SELECT 1 FROM credentials_totp c
                                WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL)
                    OR (COALESCE(p.sms_allowed, true)
                        AND EXISTS (SELECT 1 FROM credentials_phone c
                                     WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL))
                    AS "secondFactorEnrolled",
                  COALESCE(p.mfa_required, false) OR EXISTS (
                    SELECT 1 FROM given_roles g JOIN roles r ON r.id = g.given_role_id
                     WHERE g.user_id = u.id AND r.mfa_required
                       AND (g.organization_id IS NULL OR g.organization_id = s.organization_id)
                    ) AS "mfaRequired",
                  COALESCE(p.admin_mfa_required, false) AS "adminMfaRequired",
                  COALESCE(w.changed_at < now() - make_interval(days => p.password_max_age_days),
                           false) AS "passwordExpired",
                  u.grants_version || '.' || i.authz_version AS "grantsVersion",
                  now() AS "asOf"`;

/** The principal of a row, but for the session that it acts in. */
export const principalFrom = (row: PrincipalRow) =>
  ({
    userId: row.userId,
    email: row.email,
    name: row.name,
    organizationId: row.organizationId,
    organizationName: row.organizationName,
    networks: row.networks,
    secondFactorEnrolled: row.secondFactorEnrolled,
    mfaRequired: row.mfaRequired,
    passwordExpired: row.passwordExpired,
    adminMfaRequired: row.adminMfaRequired,
    grantsVersion: row.grantsVersion,
    asOf: row.asOf,
  }) satisfies Partial<Principal>;
