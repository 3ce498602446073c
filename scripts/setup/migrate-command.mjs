import { parseArgs } from "node:util";
import { migrate, resolveMigration } from "./migrate.mjs";

const USAGE = `usage: gatehouse migrate [--json]
       gatehouse migrate --rolled-back <name>   a migration stopped half way and is undone
       gatehouse migrate --applied <name>       a migration stopped half way and is complete
`;
const EXIT_USAGE = 2;

/**
 * `gatehouse migrate`: applies what is missing, after recording by hand how a
 * migration stands that stopped half way.
 * @param {readonly string[]} args
 * @param {{ url: string, variable: string }} target
 * @returns {Promise<number>} the exit code
 */
export async function migrateCommand(args, { url, variable }) {
  const options = parse(args);
  if (!options) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  if (options["rolled-back"]) {
    await resolveMigration(url, options["rolled-back"], "rolled-back", variable);
  }
  if (options.applied) await resolveMigration(url, options.applied, "applied", variable);
  const applied = await migrate(url, { variable });
  const text =
    applied.length > 0 ? `Applied: ${applied.join(", ")}` : "The database is up to date.";
  process.stdout.write(`${options.json ? JSON.stringify({ outcome: "done", applied }) : text}\n`);
  return 0;
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean" },
        "rolled-back": { type: "string" },
        applied: { type: "string" },
      },
    }).values;
  } catch {
    return undefined;
  }
}
