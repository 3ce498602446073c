import type pg from "pg";

/** Of one table: what counts as a change of a row, and whose row it is. */
interface Watched {
  /** What an update has to touch, over `row`, beside whose it is; nothing where rows only come and go. */
  values?: string[];
  /** Somebody's own row, over `row`: it can be left out. */
  owner?: string;
}

const OF_USER = "row.user_id";
const VERSION = ["row.version"];

// Everything that a surface could change, but for what merely counts or remembers requests.
const WATCHED: Record<string, Watched> = {
  users: { values: ["row.email", "row.name", "row.status"], owner: "row.id" },
  memberships: { owner: OF_USER },
  organizations: { values: ["row.name", "row.slug", ...VERSION] },
  invitations: { values: ["row.email", "row.sent_count", "row.consumed_at", "row.revoked_at"] },
  user_roles: { values: ["row.role_id"], owner: OF_USER },
  credentials_password: { values: ["row.hash"], owner: OF_USER },
  credentials_passkey: { values: ["row.user_id", "row.name"], owner: OF_USER },
  credentials_totp: { values: ["row.confirmed_at"], owner: OF_USER },
  credentials_recovery_code: { values: ["row.consumed_at"], owner: OF_USER },
  sessions: { values: ["row.revoked_at"], owner: OF_USER },
  devices: { values: ["row.trusted_until"], owner: OF_USER },
  accounts: { owner: OF_USER },
  email_changes: {
    values: ["row.ended_at", "row.changed_at", "row.undone_at"],
    owner: OF_USER,
  },
  verification_tokens: { values: ["row.consumed_at"], owner: OF_USER },
  registrations: { values: ["row.consumed_at"] },
  personal_tokens: { owner: OF_USER },
  saved_views: { values: ["row.name"], owner: OF_USER },
  user_pictures: { values: ["row.digest"], owner: OF_USER },
  account_deletions: { values: ["row.cancelled_at", "row.erased_at"], owner: OF_USER },
  user_imports: { values: ["row.cursor"] },
  roles: { values: ["row.name", "row.description", ...VERSION] },
  role_permissions: { values: ["row.role_id", "row.permission_id", "row.condition"] },
  policies: { values: ["row.name", ...VERSION, "row.active_number", "row.shadow_number"] },
  policy_versions: { values: ["row.policy_id", "row.number"] },
  access_requests: {
    values: ["row.state", "row.reviewed_at", "row.ended_at"],
    owner: "CASE WHEN row.kind <> 'break_glass' THEN row.user_id END",
  },
  duty_conflicts: { values: VERSION },
  duty_waivers: { values: ["row.reason"] },
  access_reviews: { values: ["row.state"] },
  access_review_items: { values: ["row.decision", "row.outcome"] },
  teams: { values: ["row.name", "row.parent_id", ...VERSION] },
  team_memberships: { values: ["row.team_id", "row.user_id"] },
  team_roles: { values: ["row.team_id", "row.role_id", "row.expires_at"] },
  service_account_roles: { values: ["row.client_id", "row.role_id"] },
  webhook_endpoints: { values: ["row.event_types", "row.enabled", "row.secret"] },
  webhook_deliveries: { values: ["row.attempts >= 8"] },
  organization_domains: { values: ["row.verified_at", "row.auto_join", "row.failing_since"] },
  organization_brandings: { values: VERSION },
  organization_logos: { values: ["row.digest"] },
  invoices: { values: ["row.*"] },
  sign_in_policies: { values: VERSION },
  connections: { values: VERSION },
  connection_tests: {},
  oidc_clients: { values: VERSION },
  oidc_client_secrets: {},
  oidc_grants: { values: ["row.client_id"], owner: OF_USER },
  oidc_logout_deliveries: { values: ["row.attempts >= 10", "row.delivered_at"] },
  oidc_initial_tokens: { values: ["row.uses"] },
  claim_templates: { values: ["row.name"] },
  signing_keys: { values: ["row.state"] },
  outbox: { values: ["row.last_error IS NULL"], owner: "row.recipient" },
  terms_versions: { values: ["row.number"] },
  instance: { values: ["row.setup_completed_at"] },
};

const of = (row: "OLD" | "NEW", expression: string): string =>
  expression.replaceAll(/\brow\b/g, row);

function watchTable([table, { values = [], owner = "NULL" }]: [string, Watched]): string {
  const differs = (value: string) => `(${of("OLD", value)}) IS DISTINCT FROM (${of("NEW", value)})`;
  const watched = owner === "NULL" ? values : [...values, owner];
  const note = (whose: string) =>
    `INSERT INTO changes.noted (what, owner) VALUES ('${table} ' || TG_OP, (${whose})::text);`;
  const onUpdate = `
    CREATE TRIGGER note_updates AFTER UPDATE ON ${table} FOR EACH ROW
      WHEN (${watched.map(differs).join(" OR ")}) EXECUTE FUNCTION changes.note_${table}();`;
  // What goes from one to another is neither's own doing alone.
  const whoseUpdate = `CASE WHEN NOT (${differs(owner)}) THEN ${of("NEW", owner)} END`;
  return `
    CREATE FUNCTION changes.note_${table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = public AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN ${note(of("OLD", owner))}
        ELSIF TG_OP = 'INSERT' THEN ${note(of("NEW", owner))}
        ELSE ${note(whoseUpdate)} END IF;
        RETURN NULL;
      END $$;
    CREATE TRIGGER note_rows AFTER INSERT OR DELETE ON ${table} FOR EACH ROW
      EXECUTE FUNCTION changes.note_${table}();
    ${watched.length > 0 ? onUpdate : ""}`;
}

// What is rolled back is not noted either.
const WATCH = `
  CREATE SCHEMA changes;
  CREATE TABLE changes.noted (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text, owner text);
  ${Object.entries(WATCHED).map(watchTable).join("\n")}`;

const watching = new WeakMap<pg.Pool, Promise<unknown>>();

const LAST_CHANGE = `
  SELECT concat_ws(' ', n, what) AS last FROM changes.noted
   WHERE $1::text IS NULL OR owner IS NULL
      OR owner <> $1
     AND owner NOT IN (SELECT email FROM users WHERE id = $1::uuid
                       UNION ALL SELECT new_email FROM email_changes WHERE user_id = $1::uuid)
   ORDER BY n DESC LIMIT 1`;

/**
 * The last change to anything that is stored: the same before and after means that nothing was done. What
 * one user did to their own rows can be left out. Noted by triggers from the first call on, so that it
 * costs the same however much is stored.
 */
export async function lastChange(database: pg.Pool, exceptUserId?: string): Promise<string> {
  const begun = watching.get(database) ?? database.query(WATCH);
  watching.set(database, begun);
  await begun;
  const { rows } = await database.query<{ last: string }>(LAST_CHANGE, [exceptUserId ?? null]);
  return rows[0]?.last ?? "nothing";
}
