import "server-only";
import "#node-only";
import { readFileSync, statSync } from "node:fs";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { applyImportAsOperator } from "@/lib/user-imports/apply-import";
import { checkImportAsOperator } from "@/lib/user-imports/check-import";
import { type ImportView, viewImportAsOperator } from "@/lib/user-imports/list-imports";
import {
  IMPORT_BYTES_MAX,
  IMPORT_ROWS_MAX,
  ImportFormat,
} from "@/lib/user-imports/user-import.schema";

const STOPPED: Record<string, string> = {
  "bad-rows": "Nothing was imported. Repair these lines, or leave them out with --skip-bad-rows.",
  "unknown-role": "A role is gone since the file was checked.",
  "duty-conflict": "Some of these users would hold what nobody may hold together.",
};

/** A file, or what an earlier command kept of one; in words where there is neither. */
async function viewOf(
  [file]: string[],
  options: Record<string, unknown>,
): Promise<ImportView | string> {
  const { resume } = options;
  let id: string;
  if (typeof resume === "string") id = resume;
  else {
    const format = ImportFormat.safeParse(options["format"]);
    if (!format.success)
      return "Say with --format what the file is: csv, keycloak, auth0 or clerk.";
    const path = file ?? "";
    if (statSync(path).size > IMPORT_BYTES_MAX) return "The file is too large. Split it.";
    const result = await checkImportAsOperator(CLI_REQUEST, {
      format: format.data,
      bytes: readFileSync(path),
      vouched: options["trust-addresses"] === true,
      defaultRoles: options["default-roles"] === true,
    });
    if (result.outcome === "rejected") return result.problem;
    id = result.id;
  }
  return (
    (await viewImportAsOperator(CLI_REQUEST, id, IMPORT_ROWS_MAX)) ??
    "There is no such import any more. Begin with the file again."
  );
}

function* remarksOf({ remarks }: ImportView): Generator<string> {
  for (const { line, email, problem, note } of remarks) {
    const [kind, text] = problem === null ? ["note", note] : ["problem", problem];
    yield `line ${line}\t${email ?? ""}\t${kind}: ${text}`;
  }
}

async function* importing(
  view: ImportView,
  skipBad: boolean,
): AsyncGenerator<string, CommandResult["outcome"]> {
  yield* remarksOf(view);
  for (;;) {
    const step = await applyImportAsOperator(CLI_REQUEST, view.id, { skipBad });
    if (step.outcome !== "applied") {
      const reason = step.outcome === "rejected" ? step.reason : step.outcome;
      yield STOPPED[reason] ?? `It stopped: ${reason}.`;
      if (reason !== "bad-rows") yield `Go on with: gatehouse user import --resume ${view.id}`;
      return "refused";
    }
    const { cursor, rowCount, createdCount, state } = step.progress;
    const percent = Math.floor((cursor / rowCount) * 100);
    yield `${String(percent).padStart(3)} %\t${cursor} of ${rowCount} rows, ${createdCount} users created`;
    if (state === "finished") return "done";
  }
}

const run: Command["run"] = async (positionals, options) => {
  if ((positionals.length === 0) === (options["resume"] === undefined)) {
    return refused("Name a file, or say with --resume which import goes on.", "validation_failed");
  }
  let view: ImportView | string;
  try {
    view = await viewOf(positionals, options);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return refused("There is no such file.", "not_found");
  }
  if (typeof view === "string") return refused(view, "validation_failed");
  if (options["dry-run"] !== true) {
    return { ...done(""), lines: importing(view, options["skip-bad-rows"] === true) };
  }
  const { id, rowCount, badCount } = view;
  const text = `${rowCount - badCount} of ${rowCount} rows are good, and nothing was imported. Import them with: gatehouse user import --resume ${id}`;
  return done([...remarksOf(view), text].join("\n"), { ...view });
};

export const userImportCommand: Command = {
  words: ["user", "import"],
  usage:
    "user import [<file> --format csv|keycloak|auth0|clerk | --resume ID] [--dry-run] [--skip-bad-rows] [--default-roles] [--trust-addresses]",
  summary: "Import users with the password hashes of another system; see docs/migrate-users.md.",
  positionals: { min: 0, max: 1 },
  options: {
    format: { type: "string" },
    resume: { type: "string" },
    "dry-run": { type: "boolean" },
    "skip-bad-rows": { type: "boolean" },
    "default-roles": { type: "boolean" },
    "trust-addresses": { type: "boolean" },
  },
  run,
};
