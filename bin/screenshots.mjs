#!/usr/bin/env node
// From a clone to the pictures of the README, on any Node >= 20: `npm run screenshots`.
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { reportFailure } from "../scripts/setup/failure.mjs";
import { continueOnPinnedNode } from "../scripts/setup/pinned-node.mjs";

try {
  await ensureDependencies();
  await continueOnPinnedNode(fileURLToPath(import.meta.url), process.argv.slice(2));
  const { takePictures } = await import("../scripts/pictures/run.mjs");
  await takePictures();
  process.exit(0);
} catch (error) {
  process.exit(reportFailure(error));
}
