import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findBrowser } from "../setup/browser.mjs";
import { buildProgram } from "../setup/build-program.mjs";
import { bundle } from "../setup/bundle.mjs";
import { discardData } from "../setup/cluster-place.mjs";
import { startEmbeddedPostgres } from "../setup/embedded-postgres.mjs";
import { reportFailure } from "../setup/failure.mjs";
import { freePort } from "../setup/free-port.mjs";
import { generateClient } from "../setup/generate-client.mjs";
import { untilInterrupted } from "../setup/interruption.mjs";
import { inRoot } from "../setup/paths.mjs";
import { print, step } from "../setup/progress.mjs";
import { runPlaywright } from "./playwright-suite.mjs";
import { stopPrograms } from "./run-program.mjs";
import { summarise } from "./tally.mjs";
import { parseTestArguments, vitestProject } from "./test-arguments.mjs";
import { createEndToEndDatabase, startTestDatabase, TEMPLATE } from "./test-database.mjs";
import { runVitest } from "./vitest-suite.mjs";

const EXIT_INTERRUPTED = 130;

/** @typedef {import("./tally.mjs").Tally} Tally */
/** @typedef {{ tempDir: string, cleanups: (() => void | Promise<void>)[], tallies: Tally[] }} Run */

/**
 * Runs the suites on a throw-away database and returns the exit code. Whatever
 * happens in between, the last line has the sums.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runTests(args) {
  const interruption = untilInterrupted();
  const tempDir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-test-"));
  /** @type {Run} */
  const run = { tempDir, cleanups: [], tallies: [] };
  run.cleanups.push(() => discardData(tempDir));
  try {
    const end = await Promise.race([runSuites(parseTestArguments(args), run), interruption]);
    if (end === "interrupted") return EXIT_INTERRUPTED;
  } catch (error) {
    reportFailure(error);
    run.tallies.push(whole("set-up", "see above"));
  } finally {
    await stopPrograms();
    for (const cleanup of run.cleanups.toReversed()) await cleanup();
  }
  const { lines, succeeded } = summarise(run.tallies, { ci: process.env["CI"] === "true" });
  print(`\n${lines.join("\n")}`);
  return succeeded ? 0 : 1;
}

/**
 * @param {ReturnType<typeof parseTestArguments>} wanted
 * @param {Run} run
 */
async function runSuites(wanted, run) {
  await step("Generating the Prisma client", generateClient);
  const env = baseEnvironment(run.tempDir);
  const needsDatabase = wanted.integration || wanted.endToEnd;
  // Beside the end-to-end tests, some vitest projects read or drive the build.
  const built = !needsDatabase || !wanted.build || (await tryBuild(run));
  const postgres = needsDatabase && (await startDatabase(env, run));
  const testEnv = postgres
    ? {
        ...env,
        TEST_DATABASE_URL: postgres.url,
        TEST_DATABASE_ADMIN_URL: postgres.adminUrl,
        TEST_DATABASE_TEMPLATE: TEMPLATE,
      }
    : env;

  const project = vitestProject(wanted);
  if (project !== false) {
    const options = { project, filters: wanted.filters, env: testEnv, tempDir: run.tempDir };
    run.tallies.push(...(await runVitest(options)));
  }
  if (wanted.endToEnd && built && postgres && existsSync(inRoot("playwright.config.ts"))) {
    await postgres.stop();
    run.tallies.push(await runEndToEnd(testEnv, wanted.filters, run));
  }
}

/** @param {Run} run */
async function tryBuild(run) {
  try {
    await step("Building", (note) => buildProgram(note));
    return true;
  } catch (error) {
    // The other suites still have something to say.
    reportFailure(error);
    run.tallies.push(whole("build", "see above"));
    return false;
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {Run} run
 */
async function startDatabase(env, run) {
  await bundle("cli");
  const postgres = await step("Preparing a throw-away database", (note) =>
    startTestDatabase({ dataDir: run.tempDir, note, env }),
  );
  run.cleanups.push(postgres.stop);
  return postgres;
}

/**
 * The end-to-end tests meet the program as it runs in production, which
 * refuses a database that is not durable: so the cluster starts anew as one.
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} filters
 * @param {Run} run
 */
async function runEndToEnd(env, filters, run) {
  const browser = await step("Finding a browser", () => findBrowser());
  const postgres = await step("Starting PostgreSQL", (note) =>
    startEmbeddedPostgres({ dataDir: run.tempDir, note }),
  );
  run.cleanups.push(postgres.stop);
  const port = await freePort("127.0.0.1");
  return runPlaywright({
    filters,
    tempDir: run.tempDir,
    env: {
      ...env,
      NODE_ENV: "production",
      DATABASE_URL: await createEndToEndDatabase(postgres.url),
      TEST_DATABASE_URL: postgres.url,
      PORT: String(port),
      APP_URL: `http://localhost:${port}`,
      PLAYWRIGHT_CHROMIUM_PATH: browser,
    },
  });
}

/**
 * Nothing of the developer's own configuration may change what a test means.
 * @param {string} tempDir
 * @returns {NodeJS.ProcessEnv}
 */
function baseEnvironment(tempDir) {
  const { PATH, HOME, LANG, TMPDIR, CI, TERM, FORCE_COLOR, NO_COLOR } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    TMPDIR,
    CI,
    TERM,
    FORCE_COLOR,
    NO_COLOR,
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) =>
        /^(npm|PLAYWRIGHT|GATEHOUSE_TEST)_/.test(name),
      ),
    ),
    NODE_ENV: "test",
    NEXT_TELEMETRY_DISABLED: "1",
    DATA_DIR: path.join(tempDir, "data"),
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    DATA_ENCRYPTION_KEYS: randomBytes(32).toString("base64url"),
  };
}

/**
 * @param {string} suite
 * @param {string} problem
 * @returns {Tally}
 */
const whole = (suite, problem) => ({ suite, passed: 0, failed: 0, skips: [], problem });
