import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// Documents are read by people who cannot know where they are wrong. What can be
// compared with the tree is compared here.

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const files = (pattern: string): string[] => globSync(pattern, { cwd: ROOT }).sort();

const DOCUMENTS = [...files("*.md"), ...files("docs/**/*.md"), ...files("packages/*/*.md")];
const GUIDE = "docs/protect-your-own-feature.md";
const SOURCES = [
  ...files(
    "{app,bin,components,e2e,lib,packages,prisma,scripts,tests}/**/*.{ts,tsx,mjs,prisma,sql,css}",
  ),
  ...files("*.{ts,mjs,cjs}"),
].filter((file) => file !== "tests/documents.test.ts");

interface Link {
  text: string;
  target: string;
}

const linksOf = (document: string): Link[] =>
  [...read(document).matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)]
    .map(([, text = "", target = ""]) => ({ text, target }))
    .filter(({ target }) => !/^(https?:|#)/.test(target));

const resolved = (document: string, target: string): string =>
  path.join(path.dirname(document), target.replace(/#.*$/, ""));

/** What a document says and the tree does not have, as "document: what". */
const wrongIn = (find: (document: string) => string[]): string[] =>
  DOCUMENTS.flatMap((document) => find(document).map((wrong) => `${document}: ${wrong}`));

const isMissing = (file: string): boolean => !existsSync(path.join(ROOT, file));

test("documents link to what is there", () => {
  const missing = wrongIn((document) =>
    linksOf(document)
      .map(({ target }) => resolved(document, target))
      .filter(isMissing),
  );
  expect(missing).toEqual([]);
});

test("documents name files and folders that are there", () => {
  const NAME = /`((?:app|lib|scripts|tests|e2e|prisma|bin)\/[^`\s]*)`/g;
  const missing = wrongIn((document) =>
    [...read(document).matchAll(NAME)]
      .map(([, name = ""]) => name)
      // Patterns and names to fill in; what the guide's reader is about to make.
      .filter((name) => !/[*<…{]|NNNN/.test(name) && !(document === GUIDE && /notes/.test(name)))
      .filter(isMissing),
  );
  expect(missing).toEqual([]);
});

test("documents name scripts that package.json has", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const missing = wrongIn((document) =>
    [...read(document).matchAll(/npm (?:run ([\w:]+)|(start|test))\b/g)]
      .map(([, name, short]) => name ?? short ?? "")
      .filter((name) => !scripts[name]),
  );
  expect(missing).toEqual([]);
});

test("a test that a document cites has that name", () => {
  const cited = DOCUMENTS.flatMap((document) =>
    linksOf(document)
      .filter(({ target }) => /\.(test|spec|guide)\.tsx?$/.test(target))
      .map(({ text, target }) => ({ text, file: resolved(document, target) })),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ text, file }) => !read(file).includes(text))).toEqual([]);
});

const ID = /\b(?:ATK|DEC|EXP|FLT|INV|NIST)-\d+\b|(?<=[(,;] ?)[DF]\d{1,3}(?=[),;:])/g;

test("every id that the code cites is defined", () => {
  const defined = new Set(
    ["docs/identifiers.md", "docs/threat-model.md"].flatMap((document) =>
      [...read(document).matchAll(/^\| ((?:ATK|DEC|EXP|FLT|INV|NIST)-\d+|[DF]\d+) \|/gm)].map(
        ([, id]) => id,
      ),
    ),
  );
  const undefinedIds = SOURCES.flatMap((file) => [...read(file).matchAll(ID)].map(([id]) => id));
  expect([...new Set(undefinedIds)].filter((id) => !defined.has(id)).sort()).toEqual([]);
});

test("README and .env.example have every variable of the configuration, and no other", () => {
  const declared = [
    ...read("lib/platform/environment-variables.ts").matchAll(/^ {2}([A-Z][A-Z_]+): /gm),
  ]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "NODE_ENV")
    .sort();
  const example = [...read(".env.example").matchAll(/^#?([A-Z_]+)=/gm)].map(
    ([, name = ""]) => name,
  );
  expect(example.sort()).toEqual(declared);
  const table = read("README.md").match(/## Configuration[\s\S]*?\n## /)?.[0] ?? "";
  const rows = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name),
  );
  expect(rows.sort()).toEqual(declared);
});

test("the feature graph in the architecture is enforced as it stands there", () => {
  const table =
    read(".dependency-cruiser.cjs").match(/const FEATURES = \{([\s\S]*?)\n\};/)?.[1] ?? "";
  const enforced = [...table.matchAll(/^ {2}"?([\w-]+)"?: \[([^\]]*)\],$/gm)].map(
    ([, name, imports = ""]) =>
      `| ${name} | ${(imports.match(/[\w-]+/g) ?? ["nothing"]).join(", ")} |`,
  );
  const shown = read("docs/architecture.md").match(
    /<!-- feature-graph -->\n\| feature \| imports \|\n\|--\|--\|\n([\s\S]*?)\n<!--/,
  )?.[1];
  expect(shown?.split("\n")).toEqual(enforced);
});

test("the architecture tells of every table of the database once, and of no other", () => {
  const stored = files("prisma/schema/*.prisma").flatMap((file) =>
    [...read(file).matchAll(/^model \w+ \{[\s\S]*?^\}/gm)].map(
      ([model]) => model.match(/@@map\("(\w+)"\)/)?.[1] ?? model,
    ),
  );
  const section = read("docs/architecture.md").match(/\n## Data\n[\s\S]*?\n## /)?.[0] ?? "";
  const told = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(stored.length).toBeGreaterThan(50);
  expect(told.sort()).toEqual(stored.sort());
});
