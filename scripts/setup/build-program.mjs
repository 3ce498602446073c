import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { bundle } from "./bundle.mjs";
import { compressStatic } from "./compress-static.mjs";
import { waitForFolder } from "./data-lock.mjs";
import { endWithUs } from "./end-with-us.mjs";
import { SetupFailure } from "./failure.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { generateClient } from "./generate-client.mjs";
import { inRoot } from "./paths.mjs";
import { hasSources, PAGE_SOURCES, TESTS } from "./program-sources.mjs";

const RECORD = inRoot("dist/build.json");

/** @typedef {import("./progress.mjs").Note} Note */

/**
 * True when dist and .next were built from the sources as they are.
 * @param {string} [hash]
 */
function isBuildCurrent(hash = sourcesHash()) {
  if (!existsSync(RECORD) || !existsSync(inRoot(".next/BUILD_ID"))) return false;
  return JSON.parse(readFileSync(RECORD, "utf8")).sources === hash;
}

const sourcesHash = () => fingerprint(PAGE_SOURCES, { skip: TESTS });

/**
 * Builds pages, server and command line unless they are current. Two starts
 * on different data folders share one build: the second waits for the first.
 * @param {Note} [note]
 */
export async function buildProgram(note = () => {}) {
  if (!hasSources()) return;
  mkdirSync(inRoot("dist"), { recursive: true });
  const release = await waitForFolder(inRoot("dist"), () => note("another start is building"));
  try {
    generateClient();
    await bundle("server");
    await bundle("cli");
    await bundle("configuration");
    const sources = sourcesHash();
    if (isBuildCurrent(sources)) return;
    rmSync(RECORD, { force: true });
    // The compiler is loaded only when there is something to build.
    const { writeCoverageMap } = await import("../coverage-map/write.mjs");
    writeCoverageMap();
    await buildPages(note);
    note("compressing");
    await compressStatic(inRoot(".next/static"));
    writeFileSync(RECORD, `${JSON.stringify({ sources })}\n`);
  } finally {
    release();
  }
}

/** @param {Note} note */
async function buildPages(note) {
  const child = spawn(process.execPath, [inRoot("node_modules/next/dist/bin/next"), "build"], {
    cwd: inRoot(),
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithUs(child, "SIGTERM");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output += text;
      const line = text.trim().split("\n").at(-1)?.trim();
      if (line) note(line.slice(0, 60));
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code === 0) return;
  const advice = /ENOSPC|No space left/.test(output)
    ? "The disk is full. Free some space and start again."
    : "Mend that and start again.";
  throw new SetupFailure(
    `The pages could not be built. Next says:\n\n${output.trim()}\n\n${advice}`,
  );
}
