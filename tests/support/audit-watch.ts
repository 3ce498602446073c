import pg from "pg";

// INV-4 for whatever the program does, not for a list of what it can do: every transaction of a
// running program that changes a row is held against the audit log when it commits. The stories,
// the attacks and the inventory, which uses every page, action and endpoint, all run under it.

interface Exception {
  why: string;
  /** The only columns that may differ, in a row that is changed; left out for whatever happens to a row. */
  columns?: string[];
  /** That a row is made, too. */
  made?: true;
}

/** What changes without an event. Everything that is not here has one, in the same transaction. */
const WITHOUT_EVENT: Record<string, Exception> = {
  rate_limits: { why: "counts requests" },
  decision_traces: { why: "explains an event, which is written before it" },
  sign_in_flows: { why: "a sign-in that is under way; its end is an event" },
  sign_in_tickets: { why: "the last step of a sign-in that is under way" },
  factor_challenges: { why: "a question to a factor; the answer is an event" },
  spent_proofs: { why: "says that a calculation counts no more" },
  connection_tests: { why: "what an administrator tries out; it signs nobody in" },
  identity_links: { why: "a link that is under way; its end is an event" },
  oidc_artifacts: { why: "what the token engine keeps until it expires" },
  oidc_device_requests: { why: "a device that asks; the answer is an event" },
  oidc_sessions: { why: "the token engine's picture of a session, which has events" },
  oidc_logout_deliveries: { why: "tries to tell a client of an end that has an event" },
  logout_tokens: { why: "says that a provider's token counts no more" },
  saved_views: { why: "how somebody likes to look at a list; it lets nobody see more" },
  outbox: { why: "a message that is on its way" },
  account_deletions: { why: "who goes on with an erasure", columns: ["claimed_until"] },
  webhook_deliveries: { why: "tries to tell an endpoint of an event" },
  webhook_endpoints: { why: "how far it has been told", columns: ["failing_since", "seq"] },
  policy_shadow_counts: { why: "counts what a policy in shadow would decide" },
  instance: {
    why: "the version is raised by triggers of what is watched itself; the link of set-up is printed at the start",
    columns: ["authz_version", "setup_token_hash"],
  },
  users: {
    why: "when somebody was last here, and the version of their grants",
    columns: ["grants_version", "last_sign_in_at"],
  },
  sessions: {
    why: "that it is used",
    columns: ["idle_expires_at", "ip", "last_seen_at", "user_agent"],
  },
  memberships: { why: "that it is used", columns: ["last_used_at"] },
  devices: { why: "that it is used", columns: ["last_seen_at", "token_hash"] },
  personal_tokens: { why: "that it is used", columns: ["last_used_at"] },
  oidc_clients: { why: "that it is used", columns: ["last_used_at", "registration_token_hash"] },
  oidc_client_secrets: { why: "that it is used", columns: ["last_used_at"] },
  credentials_totp: {
    why: "a factor that is being added: it counts once its first code has come, which is an event",
    columns: ["last_step", "last_used_at", "pending_secret", "pending_session_id", "pending_until"],
    made: true,
  },
  credentials_phone: {
    why: "a factor that is being added: it counts once its first code has come, which is an event",
    columns: ["last_used_at", "pending_number", "pending_session_id", "pending_until"],
    made: true,
  },
  credentials_passkey: {
    why: "that it is used",
    columns: ["backed_up", "counter", "last_used_at"],
  },
  credentials_recovery_code: {
    why: "used up before anything else, so that it counts once; what came of it is the event that follows",
    columns: ["consumed_at"],
  },
  upstream_sessions: { why: "what a provider said of a sign-in that is under way" },
  organization_domains: {
    why: "that its record was looked for; that it is verified is an event",
    columns: ["failing_since", "failure", "last_checked_at"],
  },
  signing_keys: { why: "the first ones, made when they are first needed", columns: [], made: true },
};

const NAME_OF_PROGRAM = "gatehouse";

interface Change {
  tbl: string;
  op: string;
  columns: string[];
}

function isExcepted({ tbl, op, columns }: Change): boolean {
  const exception = WITHOUT_EVENT[tbl];
  if (exception === undefined) return false;
  if (exception.columns === undefined) return true;
  if (op === "INSERT") return exception.made === true;
  return op === "UPDATE" && columns.every((name) => exception.columns?.includes(name));
}

/** Watches every table of a database from now on. For the owner of the tables, or a superuser. */
export async function watchUnaudited(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(INSTALL);
  } finally {
    await client.end();
  }
}

/** What changed without an event since then, as `table operation (columns)`. */
export async function listUnaudited(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Change>(
      "SELECT DISTINCT tbl, op, columns FROM watch.unaudited ORDER BY 1, 2, 3",
    );
    return rows
      .filter((change) => !isExcepted(change))
      .map(({ tbl, op, columns }) => `${tbl} ${op} (${columns.join(", ")})`);
  } finally {
    await client.end();
  }
}

const INSTALL = `
CREATE SCHEMA watch;
GRANT USAGE ON SCHEMA watch TO PUBLIC;
CREATE TABLE watch.unaudited (tbl text, op text, columns text[]);

CREATE FUNCTION watch.note_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('watch.audited', pg_current_xact_id()::text, true);
  RETURN NULL;
END $$;
CREATE TRIGGER watch_event AFTER INSERT ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION watch.note_event();

CREATE FUNCTION watch.hold_against_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  changed text[] := '{}';
BEGIN
  IF current_setting('application_name') <> '${NAME_OF_PROGRAM}'
     OR current_setting('watch.audited', true) = pg_current_xact_id()::text THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT coalesce(array_agg(n.key ORDER BY n.key), '{}') INTO changed
      FROM jsonb_each(to_jsonb(NEW)) n
     WHERE n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key;
    IF changed = '{}' THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO watch.unaudited VALUES (TG_TABLE_NAME, TG_OP, changed);
  RETURN NULL;
END $$;

DO $$
DECLARE
  watched text;
BEGIN
  FOR watched IN
    SELECT c.relname FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       AND c.relname NOT LIKE 'audit\\_%' AND c.relname NOT LIKE '\\_prisma%'
  LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER watch_changes AFTER INSERT OR UPDATE OR DELETE ON %I
                      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                      EXECUTE FUNCTION watch.hold_against_log()', watched);
  END LOOP;
END $$;
`;
