import "server-only";
import { isLocale } from "@/lib/shared/locale";
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
  locale: string | null;
  timeZone: string | null;
  organizationId: string;
  organizationName: string;
  networks: string[];
  acr: string;
  amr: string[];
  secondFactorEnrolled: boolean;
  mfaRequired: boolean;
  adminMfaRequired: boolean;
  passwordExpired: boolean;
  singleSignOnMissing: boolean;
  deletionDueAt: Date | null;
  /** Asked for sessions alone: a program accepts nothing. */
  termsPending?: boolean;
  grantsVersion: string;
  asOf: Date;
}

/** Rows of active members. */
export const ACTIVE_MEMBERS = `JOIN users u ON u.id = s.user_id AND u.status = 'active'
             JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id`;

/** The rules `p` of the organization of a row. */
export const OWN_RULES = "LEFT JOIN sign_in_policies p ON p.organization_id = s.organization_id";

/** Rows of active members, with the rules `p` of their organization. */
export const OF_ACTIVE_MEMBERS = `${ACTIVE_MEMBERS}
             ${OWN_RULES}`;

export const PRINCIPAL_JOINS = `JOIN organizations o ON o.id = s.organization_id
             LEFT JOIN credentials_password w ON w.user_id = s.user_id
            CROSS JOIN instance i`;

/** What the proof of a row is worth under the rules `p`. */
export const ACR = `CASE WHEN COALESCE(p.sms_allowed, true) OR NOT 'sms' = ANY(s.amr)
                         OR s.amr && ARRAY['otp', 'hwk'] THEN s.acr
                       ELSE 'urn:gatehouse:aal1' END`;

/** Whether a second factor is asked for; `asks` is what tells a role `r` that does. */
export const mfaRequired = (asks = "r.mfa_required"): string => `COALESCE(p.mfa_required, false)
                    OR holds_any_role(u.id, s.organization_id,
                                      ARRAY(SELECT r.id FROM roles r WHERE ${asks}))`;

/** Whether the password `w` has expired. */
export const PASSWORD_EXPIRED = `COALESCE(w.changed_at < now() - make_interval(days => p.password_max_age_days),
                           false)`;

/** Whether terms are in force that the user `u` has not accepted. */
export const TERMS_PENDING = "has_terms_pending(u.id)";

export const PRINCIPAL_COLUMNS = `s.id AS "shownById", u.id AS "userId", u.email, u.name,
                  u.locale, u.time_zone AS "timeZone",
                  s.organization_id AS "organizationId", o.name AS "organizationName",
                  COALESCE(p.networks, '{}') AS networks,
                  ${ACR} AS acr,
                  s.amr,
                  EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = u.id)
                    OR EXISTS (SELECT 1 FROM credentials_totp c
                                WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL)
                    OR (COALESCE(p.sms_allowed, true)
                        AND EXISTS (SELECT 1 FROM credentials_phone c
                                     WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL))
                    AS "secondFactorEnrolled",
                  ${mfaRequired()} AS "mfaRequired",
                  COALESCE(p.admin_mfa_required, false) AS "adminMfaRequired",
                  ${PASSWORD_EXPIRED} AS "passwordExpired",
                  u.deletion_due_at AS "deletionDueAt",
                  u.grants_version || '.' || i.authz_version AS "grantsVersion",
                  now() AS "asOf"`;

/**
 * Whether the organization is opened only through connections of its own, and the row `s` is of no
 * sign-in through one: `connection` is which it was, as SQL. Whoever runs organizations on the whole
 * installation is spared, so that somebody can take the rule back when no provider answers (F86).
 */
export const singleSignOnMissing = (connection: string): string => `COALESCE(p.sso_required, false)
                    AND NOT EXISTS (
                      SELECT 1 FROM connections sso
                       WHERE sso.id = ${connection} AND sso.enabled
                         AND sso.organization_id = s.organization_id)
                    AND NOT holds_any_role(u.id, NULL, ARRAY(
                      SELECT rp.role_id FROM role_permissions rp
                        JOIN permissions held ON held.id = rp.permission_id
                         AND held.key = 'manage_organizations'
                       WHERE rp.condition IS NULL))`;

/** The principal of a row, but for the session that it acts in. */
export const principalFrom = (row: PrincipalRow) =>
  ({
    userId: row.userId,
    email: row.email,
    name: row.name,
    locale: isLocale(row.locale) ? row.locale : null,
    timeZone: row.timeZone,
    organizationId: row.organizationId,
    organizationName: row.organizationName,
    networks: row.networks,
    secondFactorEnrolled: row.secondFactorEnrolled,
    mfaRequired: row.mfaRequired,
    passwordExpired: row.passwordExpired,
    singleSignOnMissing: row.singleSignOnMissing,
    deletionDueAt: row.deletionDueAt,
    termsPending: row.termsPending ?? false,
    adminMfaRequired: row.adminMfaRequired,
    grantsVersion: row.grantsVersion,
    asOf: row.asOf,
  }) satisfies Partial<Principal>;
