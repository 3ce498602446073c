#!/usr/bin/env node
// From a clone to a table of speeds, on any Node >= 20: `npm run bench`.
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";

try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), process.argv.slice(2));
  const { runBenchmarks } = await import("../scripts/bench/run.mjs");
  await runBenchmarks();
  process.exit(0);
} catch (error) {
  process.exit(reportFailure(error));
}
