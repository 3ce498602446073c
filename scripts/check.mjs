// `npm run check`: what a change must pass before it is looked at, in under a
// minute. Every check runs, so that one look shows all there is to mend.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { reportFailure } from "./setup/failure.mjs";
import { generateClient } from "./setup/generate-client.mjs";
import { inRoot } from "./setup/paths.mjs";
import { continueOnPinnedNode } from "./setup/pinned-node.mjs";
import { print, step } from "./setup/progress.mjs";

const SIDE_BY_SIDE = 2;
const BOUNDED = [
  "app",
  "components",
  "lib",
  "bin",
  "packages",
  "server.ts",
  "middleware.ts",
  "instrumentation.ts",
];

const TSC = "node_modules/typescript/bin/tsc";
/** The slow ones first, so that none of them is left to run alone at the end. */
const CHECKS = /** @type {[title: string, ...command: string[]][]} */ ([
  ["Unit tests", "node_modules/vitest/vitest.mjs", "run", "--project=unit", "--reporter=dot"],
  ["Types", TSC, "--noEmit", "-p", "."],
  ["Types at the edge", TSC, "--noEmit", "-p", "tsconfig.edge.json"],
  ["Types of scripts", TSC, "--noEmit", "-p", "scripts"],
  ["Types of the guard", TSC, "--noEmit", "-p", "packages/guard"],
  [
    "Boundaries",
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    ...BOUNDED,
    "--output-type",
    "err",
  ],
  ["Dead code", "node_modules/knip/bin/knip.js"],
  ["Lint", "node_modules/oxlint/bin/oxlint", "--type-aware"],
  ["Format", "node_modules/@biomejs/biome/bin/biome", "check", "."],
]);

/** @param {readonly string[]} command a Node program and its arguments */
async function run([program = "", ...args]) {
  const present = args.filter((arg) => !BOUNDED.includes(arg) || existsSync(inRoot(arg)));
  const child = spawn(process.execPath, [inRoot(program), ...present], {
    cwd: inRoot(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const [code, output, problem] = await Promise.all([
    ended,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`${output}${problem}`);
}

/** @type {{ title: string, output: string }[]} */
const failures = [];
const queue = [...CHECKS];

async function worker() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [title, ...command] = next;
    try {
      await step(title, () => run(command));
    } catch (error) {
      failures.push({ title, output: /** @type {Error} */ (error).message });
    }
  }
}

try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), process.argv.slice(2));
  await step("Generating the Prisma client", generateClient);
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  for (const { title, output } of failures) print(`\n── ${title}\n${output.trimEnd()}`);
  print(
    failures.length === 0
      ? "\nAll checks passed."
      : `\nTo mend: ${failures.map(({ title }) => title.toLowerCase()).join(", ")}`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = reportFailure(error);
}
