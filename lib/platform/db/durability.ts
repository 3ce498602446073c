import "server-only";
import { pool } from "@/lib/platform/db/pool";

/** The settings with which PostgreSQL keeps what it acknowledged (EXP-4). */
const REQUIRED: Record<string, readonly string[]> = {
  fsync: ["on"],
  full_page_writes: ["on"],
  synchronous_commit: ["on", "remote_apply", "remote_write", "local"],
};

/** The database would lose acknowledged changes in a crash. */
export class DatabaseNotDurable extends Error {
  constructor(settings: string[]) {
    super(
      `PostgreSQL would lose acknowledged changes in a crash: ${settings.join(", ")}. Turn these settings on, or run tests with NODE_ENV=test.`,
    );
    this.name = "DatabaseNotDurable";
  }
}

/** Throws {@link DatabaseNotDurable} unless every setting keeps acknowledged changes. */
export async function assertDatabaseIsDurable(): Promise<void> {
  const { rows } = await pool().query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name = ANY($1)",
    [Object.keys(REQUIRED)],
  );
  const bad = rows.filter(({ name, setting }) => !REQUIRED[name]?.includes(setting));
  if (bad.length > 0) {
    throw new DatabaseNotDurable(bad.map(({ name, setting }) => `${name}=${setting}`));
  }
}
