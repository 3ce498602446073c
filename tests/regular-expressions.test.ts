import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";
import { expect, test } from "vitest";

// An expression that takes more than linear time is a lever for whoever chooses
// the text (ATK-60). That a length is checked elsewhere is easily undone, so none is let off.

const ROOT = path.resolve(import.meta.dirname, "..");

interface Expression {
  place: string;
  source: string;
  flags: string;
}

function expressionsOf(file: string, text: string): Expression[] {
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
      const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      found.push({ place: `${file}:${line + 1}`, source, flags });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** For each: a machine that is busy has not found an expression slow. */
const TIMEOUT_MS = 60_000;

const slow = (expressions: Expression[]): string[] =>
  expressions
    .filter(
      ({ source, flags }) => checkSync(source, flags, { timeout: TIMEOUT_MS }).status !== "safe",
    )
    .map(({ place, source }) => `${place}: ${source}`);

test("every regular expression of the program takes linear time, whatever it is given (ATK-60)", () => {
  const files = globSync("{app,lib,components,packages}/**/*.{ts,tsx}", { cwd: ROOT }).filter(
    (file) => !/\.(test|integration\.test)\.tsx?$/.test(file),
  );
  const expressions = files.flatMap((file) =>
    expressionsOf(file, readFileSync(path.join(ROOT, file), "utf8")),
  );
  expect(expressions.length).toBeGreaterThan(100);
  expect(slow(expressions)).toEqual([]);
}, 300_000);

test.each([
  String.raw`const a = /\{\{\s*([^{}]*?)\s*\}\}/g;`,
  String.raw`const a = text.replace(/\/+$/, "");`,
  "const a = /^(a+)+$/.test(text);",
])("a slow one is found: %s", (text) => {
  expect(slow(expressionsOf("sample.ts", text))).toHaveLength(1);
});
