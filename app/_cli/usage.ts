import "server-only";
import { COMMANDS } from "@/app/_cli/commands";

/** Runs before the program can: the set-up scripts have it. */
const MIGRATE = {
  words: ["migrate"],
  usage: "migrate",
  summary: "Bring the database up to date.",
};
const ALL = [...COMMANDS, MIGRATE];

const HELP = new Set(["help", "--help", "-h"]);

/** Whether a line asks what there is, instead of for anything to be done. */
export const asksForHelp = (argv: string[]): boolean =>
  argv[0] === "help" || argv.some((word) => word === "--help" || word === "-h");

/** The words of a line before its options, as somebody meant a command by them. */
export function wordsOf(argv: string[]): string[] {
  const end = argv.findIndex((word) => word.startsWith("-"));
  return end === -1 ? argv : argv.slice(0, end);
}

const isNear = (one: string, other = ""): boolean =>
  other !== "" && (one.startsWith(other) || other.startsWith(one));

/**
 * The commands that a line may have meant: by the words that it begins with, or
 * else those of its group, or of one that is written alike, or else all.
 */
function meantBy([group, ...rest]: string[]) {
  const asked = group === undefined ? [] : [group, ...rest];
  const same = ALL.filter(({ words }) =>
    words.every((word, index) => index >= asked.length || asked[index] === word),
  );
  if (same.length > 0) return same;
  const near = ALL.filter(({ words: [first = ""] }) => first === group);
  if (near.length > 0) return near;
  const alike = ALL.filter(({ words: [first = ""] }) => isNear(first, group));
  return alike.length > 0 ? alike : ALL;
}

export function usageText(argv: string[]): string {
  const lines = meantBy(argv.filter((word) => !HELP.has(word))).map(
    ({ usage, summary }) => `  gatehouse ${usage}\n      ${summary}\n`,
  );
  return `Commands:\n${lines.join("")}\n--json prints the answer for programs, --version which one this is.\n`;
}
