import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "../setup/paths.mjs";
import { runProgram } from "./run-program.mjs";

const PLAYWRIGHT = inRoot("node_modules/@playwright/test/cli.js");
const SUITE = "end to end";

/**
 * Runs the tests in a browser and returns their tally.
 * @param {{ filters: readonly string[], env: NodeJS.ProcessEnv, tempDir: string }} options
 * @returns {Promise<import("./tally.mjs").Tally>}
 */
export async function runPlaywright({ filters, env, tempDir }) {
  const file = path.join(tempDir, "playwright.json");
  const code = await runProgram([PLAYWRIGHT, "test", "--reporter=list,json", ...filters], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  if (!existsSync(file)) {
    return {
      suite: SUITE,
      passed: 0,
      failed: 0,
      skips: [],
      problem: `Playwright ended with exit code ${code}`,
    };
  }
  const tally = tallyOf(JSON.parse(readFileSync(file, "utf8")));
  if (code !== 0 && tally.failed === 0) tally.problem = `Playwright ended with exit code ${code}`;
  return tally;
}

/**
 * @param {import("@playwright/test/reporter").JSONReport} report
 * @returns {import("./tally.mjs").Tally}
 */
function tallyOf({ suites, stats, errors }) {
  const specs = suites.flatMap((suite) => specsOf(suite));
  return {
    suite: SUITE,
    // Flaky: failed first and passed when tried again.
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skips: specs.flatMap(({ title, tests }) =>
      tests
        .filter((test) => test.status === "skipped")
        .map((test) => ({
          name: title,
          reason: test.annotations.find((note) => note.type === "skip")?.description ?? "",
        })),
    ),
    ...(errors.length > 0 && { problem: errors[0]?.message?.split("\n")[0] ?? "an error" }),
  };
}

/**
 * @param {import("@playwright/test/reporter").JSONReportSuite} suite
 * @returns {import("@playwright/test/reporter").JSONReportSpec[]}
 */
const specsOf = (suite) => [
  ...suite.specs,
  ...(suite.suites ?? []).flatMap((inner) => specsOf(inner)),
];
