import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// Arabic runs from right to left: whatever is placed at a side is placed at the start or the end
// of the line. An animation may begin at a physical side, if it says where for the other direction.

const ROOT = path.resolve(import.meta.dirname, "../..");

const PHYSICAL =
  /(?<![\w-])-?(?:m[lr]-|p[lr]-|scroll-[mp][lr]-|left-|right-)(?=[\d[(]|px|auto|full)|(?<![\w-])(?:text-(?:left|right)|border-[lr]|rounded-(?:l|r|tl|tr|bl|br)|float-(?:left|right)|clear-(?:left|right))(?=[-\s"'`])|(?<![\w-])(?:margin|padding|border|inset)-(?:left|right)(?=[-:])/g;
const POINTING = /<(?:ArrowLeft|ArrowRight|ChevronLeft|ChevronRight|LogOut)\b[^>]*>/g;

const physicalSides = (text: string): string[] => text.match(PHYSICAL) ?? [];
const unmirrored = (text: string): string[] =>
  (text.match(POINTING) ?? []).filter((tag) => !tag.includes("rtl:-scale-x-100"));

const FILES = globSync("{app,components}/**/*.{ts,tsx,css}", { cwd: ROOT }).map((file) => ({
  file,
  text: readFileSync(path.join(ROOT, file), "utf8"),
}));

const wrong = (rule: (text: string) => string[]): string[] =>
  FILES.flatMap(({ file, text }) => rule(text).map((found) => `${file}: ${found}`));

test("nothing is placed at the left or the right, but at the start or the end", () => {
  expect(FILES.length).toBeGreaterThan(300);
  expect(wrong(physicalSides)).toEqual([]);
});

test("icons that point along the line are mirrored with it", () => {
  expect(wrong(unmirrored)).toEqual([]);
});

test.each([
  "ml-2",
  "-mr-1.5",
  "sm:pl-[3px]",
  "left-1/2",
  "text-right",
  "border-l",
  "rounded-tl-md",
])("a physical side is found: %s", (name) => {
  expect(physicalSides(`<p className="flex ${name}">`)).not.toEqual([]);
});

test.each(["ms-2", "flex-row", "text-start", "border-line", "top-1", "rounded-lg", "pl-x"])(
  "what has no side passes: %s",
  (name) => {
    expect(physicalSides(`<p className="flex ${name}">`)).toEqual([]);
  },
);
