import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "../setup/paths.mjs";
import { settleConformance } from "./conformance-matrix.mjs";
import { runProgram } from "./run-program.mjs";

const VITEST = inRoot("node_modules/vitest/vitest.mjs");
const REPORTER = inRoot("scripts/test/vitest-tally.mjs");
const PROOFS_REPORTER = inRoot("scripts/test/conformance-reporter.mjs");

/**
 * Runs vitest's projects and returns a tally of each.
 * @param {{ project: string | undefined, filters: readonly string[], env: NodeJS.ProcessEnv, tempDir: string }} options
 *   `project` in vitest's notation, undefined for all
 * @returns {Promise<import("./tally.mjs").Tally[]>}
 */
export async function runVitest({ project, filters, env, tempDir }) {
  const file = path.join(tempDir, "vitest.json");
  const selection = project ? [`--project=${project}`] : [];
  const args = [
    VITEST,
    "run",
    ...selection,
    "--reporter=default",
    `--reporter=${REPORTER}`,
    `--reporter=${PROOFS_REPORTER}`,
    ...filters,
  ];
  const proofs = path.join(tempDir, "proofs.json");
  const code = await runProgram(args, { ...env, GATEHOUSE_TALLY: file, GATEHOUSE_PROOFS: proofs });
  /** @type {import("./tally.mjs").Tally[]} */
  const tallies = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const problem = settleConformance(proofs, { ci: env["CI"] === "true" });
  if (problem) tallies.push({ suite: "conformance", passed: 0, failed: 0, skips: [], problem });
  if (code === 0 || tallies.some((tally) => tally.failed > 0 || tally.problem)) {
    // A filter names what is wanted: that it leaves other projects empty is its purpose.
    return filters.length === 0
      ? tallies
      : tallies.filter((tally) => tally.passed + tally.failed > 0);
  }
  return [
    ...tallies,
    { suite: "vitest", passed: 0, failed: 0, skips: [], problem: `exit code ${code}` },
  ];
}
