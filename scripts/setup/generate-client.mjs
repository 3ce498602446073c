import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { SetupFailure } from "./failure.mjs";
import { fingerprint, readMarker, writeMarker } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";

const MARKER = inRoot("generated/prisma.hash");
const SOURCES = ["prisma/schema", "prisma.config.ts", "node_modules/prisma/package.json"];

/** True when generated/prisma was made from the schema as it is now. */
const isClientCurrent = () =>
  existsSync(inRoot("generated/prisma/client.ts")) && readMarker(MARKER) === fingerprint(SOURCES);

/**
 * Generates the Prisma client unless it is current.
 *
 * Prisma's command line downloads a schema engine even for `generate`, which
 * never calls it. Naming any program that exits at once keeps set-up to the
 * npm registry alone.
 */
export function generateClient() {
  if (isClientCurrent()) return;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRoot("node_modules/prisma/build/index.js"), "generate"],
    {
      cwd: inRoot(),
      encoding: "utf8",
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      },
    },
  );
  if (status !== 0) {
    throw new SetupFailure(`The Prisma client could not be generated:\n\n${stdout}${stderr}`);
  }
  writeMarker(MARKER, fingerprint(SOURCES));
}
