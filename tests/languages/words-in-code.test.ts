import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { wordsInCode } from "@/tests/support/words-in-code";

const ROOT = path.resolve(import.meta.dirname, "../..");

/**
 * For programs and for whoever runs this one: English, as their documentation is. What the checks of the
 * installation find is said on the command line in the same sentences.
 */
const FOR_PROGRAMS = /^app\/(?:_cli|_health|api|access|oidc|dev|\.well-known)\//;

const FILES = globSync("{app,components}/**/*.{ts,tsx}", { cwd: ROOT })
  .map((file) => file.replaceAll(path.sep, "/"))
  .filter((file) => !file.includes(".test.") && !FOR_PROGRAMS.test(file))
  .map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), "utf8") }));

/** Schemas speak English to programs too; forms find the translation by the sentence. */
const OF_SCHEMAS = new Set(
  Object.values(
    JSON.parse(readFileSync(path.join(ROOT, "messages/en/validation.json"), "utf8")) as object,
  ),
);
const isTranslated = (found: string): boolean =>
  /^[^:]+\.schema\.ts:/.test(found) && OF_SCHEMAS.has(found.replace(/^[^:]+:\d+: /, ""));

test("what people read stands in the catalogue (F134)", () => {
  expect(FILES.length).toBeGreaterThan(300);
  expect(FILES.flatMap(wordsInCode).filter((found) => !isTranslated(found))).toEqual([]);
});

const inFile = (text: string) => wordsInCode({ path: "app/x/page.tsx", text });

test.each([
  "const x = <p>Some words</p>;",
  "const x = <p>{count} left</p>;",
  'const x = <Field label="Email" />;',
  'const x = <Field label={open ? "close it" : "open"} />;',
  "const x = <Field aria-label={`Copy ${label}`} />;",
  'const x = { title: "sessions" };',
  'const x = "This link has expired.";',
  'const x = formError("Try again");',
  'const x = shown ? "Hide" : "Show";',
  'export const metadata = { title: "Profile" };',
  "const x = `You have ${count} left`;",
  'const x = ok ? "" : "there is one less now";',
])("words in code are found: %s", (text) => {
  expect(inFile(text)).not.toEqual([]);
});

test.each([
  'const x = <p className="flex items-center gap-2">{t("title")}</p>;',
  'const x = <Field label={t("email")} name="email" autoComplete="username webauthn" />;',
  'if (error.name === "NotAllowedError") throw new Error("This never happens here");',
  'log.error("This is for the operator", { error });',
  'const x = status === "Some status";',
  "const x = <Wordmark>Gatehouse</Wordmark>;",
  "const x = <span>·</span>;",
])("what nobody reads passes: %s", (text) => {
  expect(inFile(text)).toEqual([]);
});
