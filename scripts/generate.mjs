// Generates the Prisma client from prisma/schema when it is missing or stale, and
// the map of what takes which permission. npm runs it after every install, also
// where only production dependencies are there: without Prisma's command line and
// the compiler there is nothing to generate with.
import { existsSync } from "node:fs";
import { reportFailure } from "./setup/failure.mjs";
import { generateClient } from "./setup/generate-client.mjs";
import { inRoot } from "./setup/paths.mjs";

try {
  if (existsSync(inRoot("node_modules/prisma"))) generateClient();
  if (existsSync(inRoot("node_modules/typescript"))) {
    const { writeCoverageMap } = await import("./coverage-map/write.mjs");
    writeCoverageMap();
  }
} catch (error) {
  process.exitCode = reportFailure(error);
}
