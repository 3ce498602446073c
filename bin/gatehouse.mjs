#!/usr/bin/env node
// `npx gatehouse <command>` from a clone: prepares what the command line needs
// and hands over to it. Progress goes to stderr; stdout belongs to the command.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";
import { whisper } from "../scripts/setup/progress.mjs";

const args = process.argv.slice(2);
if (args.length === 1 && args[0] === "--version") {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  process.stdout.write(`gatehouse ${version}\n`);
  process.exit(0);
}
try {
  whisper();
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), args);
  const { runFromClone } = await import("../scripts/setup/run-from-clone.mjs");
  process.exit(await runFromClone(args));
} catch (error) {
  process.exit(reportFailure(error));
}
