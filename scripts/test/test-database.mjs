import pg from "pg";
import { syncPermissions } from "../setup/command-line.mjs";
import { startEmbeddedPostgres } from "../setup/embedded-postgres.mjs";
import { migrate } from "../setup/migrate.mjs";

export const TEMPLATE = "gatehouse_template";
const END_TO_END = "gatehouse_e2e";

/**
 * A cluster of its own with a migrated and synced template, of which every
 * test file takes a copy in a fraction of a second.
 * @param {{ dataDir: string, note: (text: string) => void, env: NodeJS.ProcessEnv, shortLived?: boolean }} options
 */
export async function startTestDatabase({ dataDir, note, env, shortLived = true }) {
  const postgres = await startEmbeddedPostgres({ dataDir, note, throwaway: true, shortLived });
  await query(postgres.url, `CREATE DATABASE ${TEMPLATE}`);
  const url = inDatabase(postgres.url, TEMPLATE);
  await migrate(url, { note });
  await syncPermissions({ ...env, NODE_ENV: "test", DATABASE_URL: url });
  return postgres;
}

/**
 * The database of the end-to-end tests, anew.
 * @param {string} url
 */
export async function createEndToEndDatabase(url) {
  await query(url, `DROP DATABASE IF EXISTS ${END_TO_END} WITH (FORCE)`);
  await query(url, `CREATE DATABASE ${END_TO_END} TEMPLATE ${TEMPLATE}`);
  return inDatabase(url, END_TO_END);
}

/**
 * @param {string} url
 * @param {string} database
 */
function inDatabase(url, database) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * @param {string} url
 * @param {string} sql
 */
async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
