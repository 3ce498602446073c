import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { inRoot } from "./paths.mjs";

const PACKAGE = inRoot("node_modules/@prisma/schema-engine-wasm");

// The engine reports a panic through this global, and dies of its absence otherwise.
/** @type {any} */ (globalThis).PRISMA_WASM_PANIC_REGISTRY ??= {
  /** @param {string} message */
  set_message(message) {
    throw new Error(`Prisma's schema engine gave up: ${message}`);
  },
};

/** @type {Promise<any> | undefined} */
let loading;

/**
 * The package's entry imports its .wasm as a module, which Node does not do
 * without a flag; the two files behind that entry are loaded by path instead.
 * Once a process: the bindings cache views of the one instance's memory.
 */
async function loadBindings() {
  const bindings = await import(pathToFileURL(`${PACKAGE}/schema_engine_bg.js`).href);
  const { instance } = await WebAssembly.instantiate(
    readFileSync(`${PACKAGE}/schema_engine_bg.wasm`),
    { "./schema_engine_bg.js": bindings },
  );
  bindings.__wbg_set_wasm(instance.exports);
  /** @type {any} */ (instance.exports).__wbindgen_start?.();
  return bindings;
}

/**
 * Starts Prisma's schema engine in its WebAssembly form, so that no engine
 * binary has to be downloaded.
 * @param {import("@prisma/driver-adapter-utils").SqlMigrationAwareDriverAdapterFactory} adapterFactory
 * @param {readonly { path: string, content: string }[]} schemaFiles
 */
export async function startSchemaEngine(adapterFactory, schemaFiles) {
  loading ??= loadBindings();
  const bindings = await loading;
  return bindings.SchemaEngine.new(
    { datamodels: schemaFiles.map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapterFactory),
  );
}
