#!/usr/bin/env node
// From a clone to test results, on any Node >= 20: `npm test`, or a part of it
// with --unit, --integration, --e2e and filters.
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";

const args = process.argv.slice(2);
try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), args);
  const { runTests } = await import("../scripts/test/run.mjs");
  process.exit(await runTests(args));
} catch (error) {
  process.exit(reportFailure(error));
}
