/** What a page asks its reader to do, block by block. */
export type GuideStep =
  | { kind: "create"; file: string; content: string }
  | { kind: "change"; file: string; hunks: Hunk[] }
  | { kind: "run"; command: string };

/** Lines to find and what they become. */
export interface Hunk {
  before: string;
  after: string;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const NEW_FILE = new Set(["ts", "tsx", "prisma", "json"]);

/** The steps of a page in their order. Throws for a block that a reader could not follow either. */
export function stepsOf(markdown: string): GuideStep[] {
  return [...markdown.matchAll(FENCE)].flatMap(([, language = "", body = ""]): GuideStep[] => {
    if (language === "sh") {
      const commands = body.split("\n").filter((line) => line !== "");
      return commands.map((command) => ({ kind: "run", command }));
    }
    const [first = "", ...rest] = body.split("\n");
    const file = /^(?:\/\/|#) (\S+)$/.exec(first)?.[1];
    if (file === undefined) throw new Error(`a block names no file in its first line: ${first}`);
    if (language === "diff") return [{ kind: "change", file, hunks: hunksOf(rest) }];
    if (NEW_FILE.has(language)) return [{ kind: "create", file, content: rest.join("\n") }];
    throw new Error(`the block of ${file} is in no language that the guide explains: ${language}`);
  });
}

function hunksOf(lines: string[]): Hunk[] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (line === "@@") groups.push([]);
    else if (line !== "") groups.at(-1)?.push(line);
  }
  return groups.map((group) => ({ before: linesOf(group, "-"), after: linesOf(group, "+") }));
}

/** The lines without a sign together with those that have this one. */
const linesOf = (group: string[], sign: "-" | "+"): string =>
  group
    .filter((line) => line.startsWith(" ") || line.startsWith(sign))
    .map((line) => `${line.slice(1)}\n`)
    .join("");

/** Applies the hunks in order. Throws unless what each asks to find is there exactly once. */
export function changed(content: string, file: string, hunks: Hunk[]): string {
  return hunks.reduce((text, { before, after }) => {
    // With a line break before, so that only whole lines are found.
    const lines = `\n${text}`;
    const at = lines.indexOf(`\n${before}`);
    if (at === -1) throw new Error(`${file} does not have these lines:\n${before}`);
    if (lines.indexOf(`\n${before}`, at + 1) !== -1) {
      throw new Error(`${file} has these lines more than once:\n${before}`);
    }
    return text.slice(0, at) + after + text.slice(at + before.length);
  }, content);
}
