import "server-only";
import "#node-only";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

/** The migrations that this code was built with. */
const declaredMigrations = (): string[] =>
  processSingleton("migrations", () =>
    readdirSync(path.join(process.cwd(), "prisma", "migrations"), {
      withFileTypes: true,
    })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  );

/** True when the database has every migration that this code needs, each finished (FLT-24). */
export async function migrationsAreApplied(): Promise<boolean> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = new Set(rows.map((row) => row.name));
  return declaredMigrations().every((name) => applied.has(name));
}
