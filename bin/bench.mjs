#!/usr/bin/env node
// From a clone to a table of speeds, on any Node >= 20: `npm run bench`.
// With --chart it draws docs/images/performance.svg anew.
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";

const args = process.argv.slice(2);
try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), args);
  const { runBenchmarks } = await import("../scripts/bench/run.mjs");
  await runBenchmarks({ chart: args.includes("--chart") });
  process.exit(0);
} catch (error) {
  process.exit(reportFailure(error));
}
