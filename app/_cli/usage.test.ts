import { expect, test } from "vitest";
import { COMMANDS } from "@/app/_cli/commands";
import { asksForHelp, usageText } from "@/app/_cli/usage";

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
  expect(namedIn(usageText(["client", "--help"]))).toBe(2);
  expect(namedIn(usageText(["client", "create", "Shop", "--nonsense"]))).toBe(1);
});
