import { SetupFailure } from "./failure.mjs";

const LOG_LINES_MAX = 12;

/**
 * Why a database must not be touched, and what to do about it.
 * @param {Exclude<import("./migration-status.mjs").MigrationStatus, { outcome: "current" | "pending" }>} status
 */
export function migrationRefusal(status) {
  switch (status.outcome) {
    case "failed":
      return new SetupFailure(
        `The migration ${status.name} stopped half way in this database.${quoted(status.logs)}\n` +
          "Compare the database with the migration's SQL, record how it stands, and start again:\n" +
          `  npx gatehouse migrate --rolled-back ${status.name}   its changes are undone: apply it anew\n` +
          `  npx gatehouse migrate --applied ${status.name}   its changes are complete: go on after it`,
      );
    case "newer":
      return new SetupFailure(
        `The database is newer than this code: it has ${status.names.join(", ")}.\n` +
          "Nothing was changed. Start the release that made it or a later one, or restore a backup from before.",
      );
    case "edited":
      return new SetupFailure(
        `Migrations were edited after they had been applied: ${status.names.join(", ")}.\n` +
          "Nothing was changed. Restore these files, and put the change into a further migration (npm run db:migration -- <name>).",
      );
  }
}

/** @param {string | null} logs */
const quoted = (logs) =>
  logs ? `\n\n${logs.trim().split("\n").slice(0, LOG_LINES_MAX).join("\n")}\n` : "";
