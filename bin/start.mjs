#!/usr/bin/env node
// From a clone to a running Gatehouse, on any Node >= 20: `npm start`, and with
// --dev `npm run dev`. `--workers N` lets N processes share the port. What is imported before the dependencies are there uses
// Node's own modules only.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";

const args = process.argv.slice(2);
try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), args);
  const { start } = await import("../scripts/setup/start.mjs");
  const { values } = parseArgs({
    args,
    options: { dev: { type: "boolean" }, workers: { type: "string" } },
  });
  process.exit(await start({ dev: values.dev === true, workers: values.workers }));
} catch (error) {
  process.exit(reportFailure(error));
}
