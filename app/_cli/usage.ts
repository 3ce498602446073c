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

/** The commands that a line may have meant: by the words that it begins with, or else all. */
export function usageText(argv: string[]): string {
  const asked = argv.filter((word) => !HELP.has(word));
  const meant = (words: string[]) =>
    words.every((word, index) => index >= asked.length || asked[index] === word);
  const found = ALL.filter(({ words }) => meant(words));
  const lines = (found.length > 0 ? found : ALL).map(
    ({ usage, summary }) => `  gatehouse ${usage}\n      ${summary}\n`,
  );
  return `Commands:\n${lines.join("")}\n--json prints the answer for programs.\n`;
}
