import "server-only";
import { setupIsOpen } from "@/lib/authn/first-administrator";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";

/** The oldest release that is tested against. */
const POSTGRES_MAJOR_MIN = 15;
/** For whoever mends it, and for the instance that replaces one in a rolling start. */
const CONNECTIONS_SPARE = 5;

const VERSION_UNIT = 10_000;

/** A database that only reads cannot record a session: nobody signs in (FLT-13). */
export async function checkWritable(): Promise<string | null> {
  const { rows } = await pool().query<{ replica: boolean; readOnly: string }>(
    `SELECT pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') AS "readOnly"`,
  );
  const [row] = rows;
  if (row?.replica === true) {
    return "DATABASE_URL names a replica, which takes no change: nobody can sign in. Name the primary.";
  }
  return row?.readOnly === "on"
    ? "The database is set read-only (default_transaction_read_only): nobody can sign in. Set it off, and look why it was on: a full disk, mostly."
    : null;
}

export async function checkPostgres(): Promise<string | null> {
  const { rows } = await pool().query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version,
            current_setting('server_encoding') AS encoding`,
  );
  const { version = 0, encoding = "" } = rows[0] ?? {};
  if (version < POSTGRES_MAJOR_MIN * VERSION_UNIT) {
    return `PostgreSQL ${Math.floor(version / VERSION_UNIT)} is older than ${POSTGRES_MAJOR_MIN}, the oldest that is tested. Upgrade it.`;
  }
  return encoding === "UTF8"
    ? null
    : `The database is encoded in ${encoding}: names in most languages cannot be stored. Make it anew with ENCODING 'UTF8', and restore into it.`;
}

/**
 * Behind a pooler in transaction mode no connection of ours has settings of its own, so the role must: else
 * nothing ends a statement that runs on, or a transaction that somebody has left open (FLT-10).
 */
export async function checkPooler(
  pooled: boolean = getConfig().database.pooled,
): Promise<string | null> {
  if (!pooled) return null;
  const { rows } = await pool().query<{ name: string; role: string }>(
    `SELECT name, session_user AS role FROM pg_settings
      WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout')
        AND setting = '0' ORDER BY 1`,
  );
  const [missing] = rows;
  return missing === undefined
    ? null
    : `Behind a pooler nothing ends what runs on for ever: the role has no ${rows.map(({ name }) => name).join(" and no ")}. Run ${rows.map(({ name }) => `\`ALTER ROLE "${missing.role}" SET ${name} = '8s'\``).join(" and ")}, and let the pooler reconnect.`;
}

/** Whether as many connections as one process may hold can be had beside what others hold. */
export async function checkConnections(
  poolSize: number = getConfig().database.poolSize,
): Promise<string | null> {
  // A pooler has its own of the server's, and gives out as many as it likes.
  if (getConfig().database.pooled) return null;
  const { rows } = await pool().query<{ most: number; others: number; role: number }>(
    `SELECT current_setting('max_connections')::int
              - current_setting('superuser_reserved_connections')::int AS most,
            (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role,
            (SELECT count(*)::int FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND application_name <> 'gatehouse') AS others`,
  );
  const { most = 0, others = 0, role = -1 } = rows[0] ?? {};
  const available = Math.min(most - others, role === -1 ? most : role);
  return poolSize + CONNECTIONS_SPARE <= available
    ? null
    : `DATABASE_POOL_SIZE is ${poolSize}, and the server has ${available} connections to give. Lower it, or raise max_connections; every instance takes as many.`;
}

export async function checkAdministrator(): Promise<string | null> {
  if (await setupIsOpen()) {
    return getConfig().loopback
      ? null
      : "There is no administrator yet: whoever has the link of the first start becomes one. Open it.";
  }
  return getConfig().firstAdministrator === null
    ? null
    : "GATEHOUSE_ADMIN_PASSWORD is still set, and has done its work. Remove it and GATEHOUSE_ADMIN_EMAIL from the environment.";
}

/** Mails that nobody takes are kept: what the server said, and for how long already. */
export async function checkOutbox(): Promise<string | null> {
  const { rows } = await pool().query<{ count: number; error: string | null }>(
    `SELECT count(*)::int AS count, max(last_error) AS error FROM outbox
      WHERE sent_at IS NULL AND last_error IS NOT NULL AND created_at < now() - interval '10 minutes'
        AND (expires_at IS NULL OR expires_at > now())`,
  );
  const { count = 0, error = null } = rows[0] ?? {};
  return count === 0
    ? null
    : `${count} ${count === 1 ? "message was" : "messages were"} not taken for ten minutes: ${error}. See /admin/outbox.`;
}

/** Whether somebody does the work in the background: the sealing of events goes first and stops last. */
export async function checkJobs(): Promise<string | null> {
  const { rows } = await pool().query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM audit_unsealed u JOIN audit_events e ON e.id = u.event_id
      WHERE e.at < now() - interval '1 hour'`,
  );
  return (rows[0]?.waiting ?? 0) === 0
    ? null
    : "Events have waited for their link for an hour: no process does the work in the background. Is `npm start` running, or the cron route called?";
}
