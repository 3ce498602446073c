import { build } from "esbuild";
import { existsSync } from "node:fs";
import { SetupFailure } from "./failure.mjs";
import { fingerprint, readMarker, writeMarker } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";
import { PROGRAM_SOURCES, TESTS } from "./program-sources.mjs";

const BUNDLES = { server: "server.ts", cli: "bin/gatehouse.ts" };

/**
 * Settings that every bundle shares: our own modules in one file, packages
 * loaded from node_modules, and `server-only`, which throws outside a React
 * server bundle, replaced by its empty form.
 * @type {import("esbuild").BuildOptions}
 */
const SETTINGS = {
  absWorkingDir: inRoot(),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22.12",
  packages: "external",
  alias: { "server-only": inRoot("node_modules/server-only/empty.js") },
  logLevel: "silent",
};

/**
 * Writes dist/<name>.mjs unless it was made from the sources as they are.
 * @param {keyof typeof BUNDLES} name
 */
export async function bundle(name) {
  const output = inRoot(`dist/${name}.mjs`);
  const marker = inRoot(`dist/${name}.hash`);
  const hash = fingerprint([...PROGRAM_SOURCES, BUNDLES[name]], { skip: TESTS });
  if (existsSync(output) && readMarker(marker) === hash) return;
  await build({
    ...SETTINGS,
    entryPoints: [BUNDLES[name]],
    outfile: output,
    outExtension: { ".js": ".mjs" },
    sourcemap: "linked",
  }).catch(reject);
  writeMarker(marker, hash);
}

/**
 * The text of one module with everything of ours that it needs.
 * @param {string} entry
 */
export async function bundledText(entry) {
  const { outputFiles } = await build({ ...SETTINGS, entryPoints: [entry], write: false }).catch(reject);
  return outputFiles?.[0]?.text ?? "";
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function reject(error) {
  throw new SetupFailure(`The program could not be bundled:\n\n${/** @type {Error} */ (error).message}`);
}
