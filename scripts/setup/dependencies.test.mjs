import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { areDependenciesCurrent } from "./dependencies.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "dependencies-test-"));
  mkdirSync(path.join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param {string} file @param {Record<string, object>} packages */
const write = (file, packages) =>
  writeFileSync(path.join(root, file), JSON.stringify({ packages }));
const WANTED = {
  "": { version: "1.0.0" },
  "node_modules/pg": { version: "8.0.0" },
  "node_modules/for-another-platform": { version: "1.0.0", optional: true },
};

test("an install of what the lock file names is current", () => {
  write("package-lock.json", WANTED);
  write("node_modules/.package-lock.json", { "node_modules/pg": { version: "8.0.0" } });
  expect(areDependenciesCurrent(root)).toBe(true);
});

test("another version, a missing package and an unfinished install are stale", () => {
  write("package-lock.json", WANTED);
  expect(areDependenciesCurrent(root)).toBe(false);
  write("node_modules/.package-lock.json", {});
  expect(areDependenciesCurrent(root)).toBe(false);
  write("node_modules/.package-lock.json", { "node_modules/pg": { version: "7.0.0" } });
  expect(areDependenciesCurrent(root)).toBe(false);
});
