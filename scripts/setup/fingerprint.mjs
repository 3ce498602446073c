import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";

/**
 * Hashes the content of files and folders, in a stable order. Content and not
 * modification time decides: a fresh clone, a restored cache and a branch
 * switched to and fro all have new times on old content.
 * @param {readonly string[]} entries paths relative to `root`; absent ones count as absent
 * @param {{ root?: string, skip?: RegExp }} [options] `skip` is matched against the relative path
 */
export function fingerprint(entries, { root = ROOT, skip } = {}) {
  const hash = createHash("sha256");
  for (const file of entries.flatMap((entry) => filesIn(root, entry)).sort()) {
    if (skip?.test(file)) continue;
    hash.update(file).update("\0");
    hash.update(readFileSync(path.join(root, file))).update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} entry
 * @returns {string[]}
 */
function filesIn(root, entry) {
  const absolute = path.join(root, entry);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [entry];
  return readdirSync(absolute, { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile())
    .map((found) => path.relative(root, path.join(found.parentPath, found.name)));
}

/** @param {string} file */
export function readMarker(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/**
 * @param {string} file
 * @param {string} content
 */
export function writeMarker(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${content}\n`);
}
