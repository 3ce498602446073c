import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "@/app/_cli/commands";
import { asksForHelp, usageText, wordsOf } from "@/app/_cli/usage";

const namedIn = (text: string): number => text.match(/^ {2}gatehouse /gm)?.length ?? 0;

test.each([["help"], ["--help"], ["-h"], ["client", "create", "--help"]])(
  "%s %s %s asks for help",
  (...argv) => {
    expect(asksForHelp(argv)).toBe(true);
  },
);

test.each([["client", "create", "Help"], ["user", "create", "help"], []])(
  "%s %s %s does not",
  (...argv) => {
    expect(asksForHelp(argv)).toBe(false);
  },
);

test("help tells of every command, or of those that a line begins like", () => {
  expect(namedIn(usageText(["help"]))).toBe(COMMANDS.length + 1);
  expect(namedIn(usageText(["nonsense"]))).toBe(COMMANDS.length + 1);
  expect(namedIn(usageText(["client", "--help"]))).toBe(5);
  expect(namedIn(usageText(["client", "create", "Shop", "--nonsense"]))).toBe(1);
  expect(namedIn(usageText(["client", "remove", "x"]))).toBe(5);
  expect(namedIn(usageText(["clients", "list"]))).toBe(5);
});

test("an unknown command is named by all of its words", () => {
  expect(wordsOf(["client", "remove", "Shop", "--kind", "web"])).toEqual([
    "client",
    "remove",
    "Shop",
  ]);
});

test("README has every command, and no other", () => {
  const [, row = ""] =
    /^\| `npx gatehouse <command>` \| (.*) \|$/m.exec(readFileSync("README.md", "utf8")) ?? [];
  const listed = [...row.matchAll(/`([a-z][a-z-]*(?: [a-z-]+)?)`/g)].map(([, words]) => words);
  const known = [...COMMANDS.map(({ words }) => words.join(" ")), "migrate"];
  expect(listed.toSorted()).toEqual(known.toSorted());
});
