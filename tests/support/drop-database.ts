import pg from "pg";

/**
 * Drops a database and ends our own connections to it. Not WITH (FORCE), which is refused while
 * the server's own vacuum is at work there: a plain DROP sends that away itself.
 */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = $1 AND usename = current_user`,
      [name],
    );
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
  } finally {
    await client.end();
  }
}
