import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimFolder, folderHolder } from "./data-lock.mjs";

const CONTENDERS = 8;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "lock-test-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** @returns {Promise<string>} what a process says that claims the folder and stays until its input ends */
function contender() {
  const script = `
    import { claimFolder } from ${JSON.stringify(path.join(import.meta.dirname, "data-lock.mjs"))};
    console.log((await claimFolder(${JSON.stringify(dir)})).outcome);
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  children.push(child);
  return new Promise((resolve) =>
    child.stdout.once("data", (said) => resolve(String(said).trim())),
  );
}
/** @type {import("node:child_process").ChildProcess[]} */
let children = [];
afterEach(() => {
  for (const child of children) child.kill();
  children = [];
});

test("a held folder is refused to the next and names its holder", async () => {
  const first = await claimFolder(dir);
  expect(first.outcome).toBe("held");
  expect(folderHolder(dir)).toBe(process.pid);
  expect(await claimFolder(dir)).toEqual({ outcome: "busy", pid: process.pid });
});

test("a released folder can be held again", async () => {
  const first = await claimFolder(dir);
  if (first.outcome === "held") first.release();
  expect(folderHolder(dir)).toBeUndefined();
  expect((await claimFolder(dir)).outcome).toBe("held");
});

test("the claim of a process that died counts for nothing and is swept", async () => {
  mkdirSync(path.join(dir, "lock"));
  writeFileSync(path.join(dir, "lock", "999999999-1-aaaa"), "held");
  expect((await claimFolder(dir)).outcome).toBe("held");
  expect(readdirSync(path.join(dir, "lock"))).toHaveLength(1);
});

test("the claim of an earlier process with the same id counts for nothing", async () => {
  mkdirSync(path.join(dir, "lock"));
  writeFileSync(path.join(dir, "lock", `${process.pid}-1-aaaa`), "held");
  expect((await claimFolder(dir)).outcome).toBe("held");
});

test("of many processes that start at once exactly one holds the folder", async () => {
  const outcomes = await Promise.all(Array.from({ length: CONTENDERS }, contender));
  expect(outcomes.filter((outcome) => outcome === "held")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "busy")).toHaveLength(CONTENDERS - 1);
}, 30_000);
