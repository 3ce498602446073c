import "server-only";
import { readFile, writeFile } from "node:fs/promises";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { planLines, problemLines, refusalWords } from "@/app/_cli/configuration-words";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { impactState } from "@/app/_impact/impact-state";
import { previewChangeAsOperator } from "@/app/_impact/preview-change";
import type { Impact } from "@/lib/authz/impact/impact";
import {
  applyConfiguration,
  compareConfiguration,
  exportConfiguration,
} from "@/lib/configuration/apply-configuration";
import { configurationSchema } from "@/lib/configuration/configuration-schema";
import {
  FILE_BYTES_MAX,
  type ParsedConfiguration,
  parseConfiguration,
} from "@/lib/configuration/parse-configuration";
import type { Plan } from "@/lib/configuration/plan";
import { isUnavailable } from "@/lib/platform/db/errors";
import { translatorFor } from "@/lib/platform/locale/translator";
import { DEFAULT_LOCALE } from "@/lib/shared/locale";

type Parsed = Extract<ParsedConfiguration, { outcome: "parsed" }>;

/** The configuration that a file has, or why it has none. */
async function parsedFrom(file: string): Promise<Parsed | CommandResult> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    return refused(`${file} cannot be read.`, "unreadable_file");
  }
  if (bytes.length > FILE_BYTES_MAX) {
    return refused(`${file} is too large to be a configuration.`, "unreadable_file");
  }
  const parsed = parseConfiguration(bytes.toString("utf8"));
  if (parsed.outcome === "parsed") return parsed;
  const lines = problemLines(parsed.problems);
  return {
    ...refused(
      `${file} is no configuration. Nothing was changed.\n${lines.join("\n")}`,
      "validation_failed",
    ),
    problems: parsed.problems,
  };
}

const isResult = (parsed: Parsed | CommandResult): parsed is CommandResult =>
  parsed.outcome !== "parsed";

/** The command line speaks English. */
const refusalTranslator = () => translatorFor(DEFAULT_LOCALE, "admin-refusals");

/** What it would mean for people, in the words of the panel. */
async function impactLines(impact: Impact): Promise<string[]> {
  const words = await translatorFor(DEFAULT_LOCALE, "impact");
  const { preview } = await impactState(impact, words, await refusalTranslator());
  const { sentences, people, further, warning } = preview;
  return [
    "",
    "For people:",
    ...sentences.map((sentence) => `  ${sentence}`),
    ...people.map(({ name, changes }) => `  ${name}: ${changes.join("; ")}.`),
    ...(further === undefined ? [] : [`  ${further}`]),
    ...(warning === undefined ? [] : ["", `It would be refused: ${warning}`]),
  ];
}

/** The plan with what it would do to whom, by making the changes and taking them back. */
async function foresee(
  { configuration, locate }: Parsed,
  planned: Plan,
  prune: boolean,
): Promise<CommandResult> {
  const lines = planLines(planned);
  const { differences, kept, digest } = planned;
  const fields = { digest, differences, kept };
  if (differences.length === 0) return done(lines.join("\n"), fields);
  const previewed = await previewChangeAsOperator(CLI_REQUEST, (probe) =>
    applyConfiguration(CLI_REQUEST, configuration, { prune, expected: digest, probe }),
  );
  if (previewed.outcome === "applied") throw new Error("a plan was applied");
  if (previewed.outcome === "rejected") {
    const { text, code } = refusalWords(previewed, locate, await refusalTranslator());
    return {
      ...refused([...lines, "", `It would be refused: ${text}`].join("\n"), code),
      ...fields,
    };
  }
  const { impact } = previewed;
  const text = [...lines, ...(await impactLines(impact)), "", `digest ${digest}`].join("\n");
  if (impact.foretold !== null) {
    return { ...refused(text, impact.foretold.reason.replaceAll("-", "_")), ...fields, impact };
  }
  return { outcome: "different", text, ...fields, impact };
}

async function plan([file = ""]: string[], prune: boolean): Promise<CommandResult> {
  const parsed = await parsedFrom(file);
  if (isResult(parsed)) return parsed;
  return foresee(parsed, await compareConfiguration(parsed.configuration, { prune }), prune);
}

async function apply(
  [file = ""]: string[],
  { prune, expected, confirmed }: { prune: boolean; expected: string | null; confirmed: boolean },
): Promise<CommandResult> {
  const parsed = await parsedFrom(file);
  if (isResult(parsed)) return parsed;
  const { configuration, locate } = parsed;
  if (!confirmed && expected === null) {
    const planned = await compareConfiguration(configuration, { prune });
    if (planned.differences.length > 0) {
      const lines = [
        ...planLines(planned),
        "",
        "Nothing was applied. Say --yes to apply this, or --expect with the digest of a plan that you have read.",
        `digest ${planned.digest}`,
      ];
      return refused(lines.join("\n"), "confirmation_required");
    }
  }
  const result = await applyConfiguration(CLI_REQUEST, configuration, { prune, expected });
  if (result.outcome === "rejected") {
    const { text, code } = refusalWords(result, locate, await refusalTranslator());
    return refused(`Nothing was applied. ${text}`, code);
  }
  const { differences, kept } = result.plan;
  const [last, applied] = [differences.length, planLines(result.plan)];
  return done([...applied, ...(last === 0 ? [] : ["All of it was applied."])].join("\n"), {
    differences,
    kept,
  });
}

/** Whatever differs, also what is there and not in the file. */
async function check([file = ""]: string[]): Promise<CommandResult> {
  const parsed = await parsedFrom(file);
  if (isResult(parsed)) return parsed;
  const planned = await compareConfiguration(parsed.configuration, { prune: true });
  const { differences, digest } = planned;
  if (differences.length === 0)
    return done("The installation is as the file says.", { differences });
  const lines = [
    "The installation is not as the file says. To be so, this would have to happen:",
    "",
    ...planLines(planned),
  ];
  return { outcome: "different", text: lines.join("\n"), differences, digest };
}

/** Prints a text that ends with a new line, or writes it into a file. */
async function give(text: string, out: unknown): Promise<CommandResult> {
  if (typeof out !== "string") return done(text.trimEnd());
  try {
    await writeFile(out, text);
  } catch {
    return refused(`${out} cannot be written.`, "unwritable_file");
  }
  return done(`Written to ${out}.`, { out });
}

const OUT = { out: { type: "string" } } as const;
const PRUNE = { prune: { type: "boolean" } } as const;

/** Nothing is changed by what the database could not finish; anything else that fails is a defect. */
async function answering(work: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return refused(
      "The database cannot be reached, or was too slow for all of it: nothing was changed. Try again when there is less to do.",
      "unavailable",
    );
  }
}

export const configurationCommands: Command[] = [
  {
    words: ["config", "export"],
    usage: "config export [--out <file>]",
    summary: "Write the configuration down, always as the same bytes; without people and secrets.",
    positionals: 0,
    options: OUT,
    run: (_, { out }) => answering(async () => give(await exportConfiguration(), out)),
  },
  {
    words: ["config", "plan"],
    usage: "config plan <file> [--prune]",
    summary:
      "Say what applying the file would change, and for whom; exits with 2 where it would change anything.",
    positionals: 1,
    options: PRUNE,
    run: (positionals, { prune }) => answering(() => plan(positionals, prune === true)),
  },
  {
    words: ["config", "apply"],
    usage: "config apply <file> [--prune] [--dry-run | --yes | --expect <digest>]",
    summary:
      "Make the installation be as the file says, all of it or nothing; --prune deletes what is not in it, --expect applies the very plan of this digest.",
    positionals: 1,
    options: {
      ...PRUNE,
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      expect: { type: "string" },
    },
    run: (positionals, options) =>
      answering(async () => {
        const prune = options["prune"] === true;
        const expected = typeof options["expect"] === "string" ? options["expect"] : null;
        if (options["dry-run"] !== true) {
          return apply(positionals, { prune, expected, confirmed: options["yes"] === true });
        }
        const planned = await plan(positionals, prune);
        return planned.outcome === "different" ? { ...planned, outcome: "done" } : planned;
      }),
  },
  {
    words: ["config", "check"],
    usage: "config check <file>",
    summary:
      "Say whether the installation is exactly as the file says; exits with 2 where it is not.",
    positionals: 1,
    run: (positionals) => answering(() => check(positionals)),
  },
  {
    words: ["config", "schema"],
    usage: "config schema [--out <file>]",
    summary: "Write the JSON Schema of configuration files, for editors.",
    positionals: 0,
    options: OUT,
    run: (_, { out }) => give(`${JSON.stringify(configurationSchema(), null, 2)}\n`, out),
  },
];
