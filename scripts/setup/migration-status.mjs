/**
 * @typedef {{ migration_name: string, checksum: string, finished_at: Date | null, rolled_back_at: Date | null, logs: string | null }} Row
 * a row of Prisma's table _prisma_migrations
 *
 * @typedef {{ outcome: "current" }
 *   | { outcome: "pending", names: string[] }
 *   | { outcome: "failed", name: string, logs: string | null }
 *   | { outcome: "newer", names: string[] }
 *   | { outcome: "edited", names: string[] }} MigrationStatus
 */

/**
 * Compares what a database has with what the code has. A row that neither
 * finished nor was rolled back marks a migration that stopped half way; a
 * finished one that the code does not know was made by a later release.
 * @param {readonly Row[]} rows
 * @param {readonly { name: string, checksum: string }[]} migrations
 * @returns {MigrationStatus}
 */
export function migrationStatus(rows, migrations) {
  const standing = rows.filter((row) => row.rolled_back_at === null);
  const failed = standing.find((row) => row.finished_at === null);
  if (failed) return { outcome: "failed", name: failed.migration_name, logs: failed.logs };

  const known = new Set(migrations.map((migration) => migration.name));
  const newer = standing.map((row) => row.migration_name).filter((name) => !known.has(name));
  if (newer.length > 0) return { outcome: "newer", names: newer };

  const checksums = new Map(standing.map((row) => [row.migration_name, row.checksum]));
  const edited = migrations.filter(
    ({ name, checksum }) => checksums.has(name) && checksums.get(name) !== checksum,
  );
  if (edited.length > 0) return { outcome: "edited", names: edited.map(({ name }) => name) };

  const pending = migrations.map(({ name }) => name).filter((name) => !checksums.has(name));
  return pending.length > 0 ? { outcome: "pending", names: pending } : { outcome: "current" };
}
