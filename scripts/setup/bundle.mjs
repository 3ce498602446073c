import { existsSync } from "node:fs";
import { SetupFailure } from "./failure.mjs";
import { fingerprint, readMarker, writeMarker } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";
import { hasSources, PROGRAM_SOURCES, TESTS } from "./program-sources.mjs";

const BUNDLES = {
  server: "server.ts",
  cli: "bin/gatehouse.ts",
  configuration: "lib/platform/config.ts",
};

/**
 * Settings that every bundle shares: our own modules in one file, packages
 * loaded from node_modules, and `server-only`, which throws outside a React
 * server bundle, replaced by its empty form. Of a request of Next there is none here.
 * @type {import("esbuild").BuildOptions}
 */
const SETTINGS = {
  absWorkingDir: inRoot(),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22.12",
  packages: "external",
  alias: {
    "server-only": inRoot("node_modules/server-only/empty.js"),
    "next/headers": inRoot("scripts/setup/no-request.mjs"),
  },
  sourcemap: "linked",
  logLevel: "silent",
};

/**
 * Writes dist/<name>.mjs unless it was made from the sources as they are.
 * Returns its path. One at a time; the bundler is loaded only when there is something to do.
 * @param {keyof typeof BUNDLES} name
 */
export async function bundle(name) {
  const output = inRoot(`dist/${name}.mjs`);
  if (!hasSources()) return output;
  const marker = inRoot(`dist/${name}.hash`);
  const hash = fingerprint([...PROGRAM_SOURCES, BUNDLES[name]], { skip: TESTS });
  if (existsSync(output) && readMarker(marker) === hash) return output;
  const { build, stop } = await import("esbuild");
  try {
    await build({ ...SETTINGS, entryPoints: [BUNDLES[name]], outfile: output });
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new SetupFailure(`The program could not be bundled:\n\n${message}`, { cause: error });
  } finally {
    // The bundler is a process of its own and would stay beside us for good.
    await stop();
  }
  writeMarker(marker, hash);
  return output;
}
