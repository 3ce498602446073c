import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changed, type GuideStep, stepsOf } from "@/tests/guide/guide-steps";
import { dropDatabase } from "@/tests/support/drop-database";

// Follows docs/protect-your-own-feature.md in a copy of the tree, block by block,
// the way its reader would: what the page promises has to be true of its result.

const ROOT = path.resolve(import.meta.dirname, "../..");
const PAGE = "docs/protect-your-own-feature.md";
/** Made anew, of this machine, or of no use to a copy. */
const NOT_COPIED = new Set([
  "node_modules",
  "generated",
  "dist",
  "coverage",
  "test-results",
  "playwright-report",
  ".git",
  ".next",
  ".data",
  ".env.local",
]);

/** Typed by the reader and done here as they stand. */
const PREPARATIONS = new Set(["npm run generate", "npm run db:migration -- notes"]);
/** Done here by a test below, without building the program for it. */
const CHECKED_BELOW = new Set(["npm test -- --integration lib/notes", "npm run check"]);
/** For eyes. */
const LOOKED_AT = new Set(["npm start"]);

const steps = stepsOf(readFileSync(path.join(ROOT, PAGE), "utf8"));
const created = steps.flatMap((step) => (step.kind === "create" ? [step.file] : []));
const sources = created.filter((file) => /\.tsx?$/.test(file));
const database = `guide_${process.pid}_${Date.now()}`;
let copy: string;

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const run = promisify(execFile);

type Variables = Record<string, string>;

/** Without what the vitest around this test tells its own workers. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|GATEHOUSE_)/.test(name)),
  ) as NodeJS.ProcessEnv;

/** Runs a program in the copy; what it printed becomes the message of a failure. */
async function inCopy(file: string, args: string[], variables: Variables = {}): Promise<string> {
  const env = { ...environment(), ...variables };
  try {
    return (await run(file, args, { cwd: copy, env, maxBuffer: OUTPUT_BYTES_MAX })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

const nodeInCopy = (program: string, args: string[], variables?: Variables) =>
  inCopy(process.execPath, [path.join("node_modules", program), ...args], variables);

/** By hard links where the file system allows: a symbolic link leads every tool back to the original. */
const copyPackages = (): Promise<string> =>
  inCopy("cp", ["-al", path.join(ROOT, "node_modules"), "."]).catch(() =>
    inCopy("cp", ["-a", path.join(ROOT, "node_modules"), "."]),
  );

function adminUrl(): string {
  const url = process.env["TEST_DATABASE_URL"];
  if (url === undefined) throw new Error("TEST_DATABASE_URL is missing: run `npm test`");
  return url;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function follow(step: GuideStep): Promise<void> {
  if (step.kind === "run") {
    if (PREPARATIONS.has(step.command)) await inCopy("sh", ["-c", step.command]);
    return;
  }
  const file = path.join(copy, step.file);
  if (step.kind === "change") {
    writeFileSync(file, changed(readFileSync(file, "utf8"), step.file, step.hunks));
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  // "wx": the guide must not replace what is there.
  writeFileSync(file, step.content, { flag: "wx" });
}

beforeAll(async () => {
  copy = mkdtempSync(path.join(os.tmpdir(), "gatehouse-guide-"));
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(path.relative(ROOT, source)),
  });
  await copyPackages();
  for (const step of steps) await follow(step);
});

afterAll(async () => {
  rmSync(copy, { recursive: true, force: true });
  await dropDatabase(adminUrl(), database);
});

test("every block of the page is followed, and every command is known", () => {
  const commands = steps.flatMap((step) => (step.kind === "run" ? [step.command] : []));
  const known = new Set([...PREPARATIONS, ...CHECKED_BELOW, ...LOOKED_AT]);
  expect(new Set(commands)).toEqual(known);
  expect(created.length).toBeGreaterThan(10);
});

test("the result type-checks", async () => {
  expect(await nodeInCopy("typescript/bin/tsc", ["--noEmit", "-p", "."])).toBe("");
});

test("what was added keeps to the boundaries", async () => {
  const args = ["app", "components", "lib", "--output-type", "json"];
  const program = "dependency-cruiser/bin/dependency-cruise.mjs";
  const report = JSON.parse(await nodeInCopy(program, args)) as {
    summary: { violations: { from: string; to: string; rule: { name: string } }[] };
  };
  const touched = new Set(steps.flatMap((step) => ("file" in step ? [step.file] : [])));
  expect(report.summary.violations.filter(({ from }) => touched.has(from))).toEqual([]);
});

test("what was added is linted and formatted as everything else", async () => {
  const lint = nodeInCopy("oxlint/bin/oxlint", ["--type-aware", ...sources]);
  await expect(lint).resolves.toContain("0 errors");
  const format = nodeInCopy("@biomejs/biome/bin/biome", ["check", ...sources]);
  // It answers with its exit code: what it would change is an error.
  await expect(format).resolves.toBeTypeOf("string");
});

test("the inventory has every endpoint, with its permission", async () => {
  const tests = nodeInCopy("vitest/vitest.mjs", ["run", "--project", "unit", "tests/inventory"]);
  await expect(tests).resolves.toContain("endpoints.test.ts");
});

test("what people read is in the catalogue, in every language", async () => {
  const tests = nodeInCopy("vitest/vitest.mjs", ["run", "--project", "unit", "tests/languages"]);
  await expect(tests).resolves.toContain("catalogue.test.ts");
});

test("the feature's own tests pass on a database with its migration", async () => {
  await asAdmin(`CREATE DATABASE ${database}`);
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  const program = pathToFileURL(path.join(copy, "scripts/setup/migrate.mjs")).href;
  const { migrate } = (await import(program)) as {
    migrate: (to: string) => Promise<string[]>;
  };
  expect((await migrate(url.href)).at(-1)).toMatch(/_notes$/);
  const ofRows = ["lib/notes", "lib/personal-data/declarations"];
  await nodeInCopy("vitest/vitest.mjs", ["run", "--project", "integration", ...ofRows], {
    TEST_DATABASE_TEMPLATE: database,
  });
});
