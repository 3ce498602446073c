import { randomUUID } from "node:crypto";

/**
 * @typedef {import("pg").Client} Client
 * @typedef {import("./migration-files.mjs").Migration} Migration
 */

// Prisma's own definition, so that `prisma migrate deploy` goes on where we ended.
const CREATE_TABLE = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** @param {Client} client */
export const hasMigrationRecord = async (client) => {
  const { rows } = await client.query(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS made",
  );
  return Boolean(rows[0].made);
};

/** @param {Client} client */
export const createMigrationRecord = (client) => client.query(CREATE_TABLE);

/**
 * @param {Client} client
 * @returns {Promise<import("./migration-status.mjs").Row[]>}
 */
export async function readMigrationRecord(client) {
  if (!(await hasMigrationRecord(client))) return [];
  const { rows } = await client.query(
    `SELECT migration_name, checksum, finished_at, rolled_back_at, logs
       FROM _prisma_migrations ORDER BY started_at`,
  );
  return rows;
}

/**
 * @param {Client} client
 * @param {Migration} migration
 * @param {number} steps what Prisma counts: 1 for a script that ran, 0 for one recorded by hand
 */
export const recordApplied = (client, { name, checksum }, steps) =>
  client.query(
    `INSERT INTO _prisma_migrations
       (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), $4)`,
    [randomUUID(), checksum, name, steps],
  );

/**
 * Marks a migration that stopped half way as undone. False when there is none of that name.
 * @param {Client} client
 * @param {string} name
 */
export async function recordRolledBack(client, name) {
  const { rowCount } = await client.query(
    `UPDATE _prisma_migrations SET rolled_back_at = now()
      WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [name],
  );
  return rowCount !== 0;
}
