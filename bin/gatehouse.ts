import { once } from "node:events";
import { parseArgs } from "node:util";
import { COMMANDS, type CommandResult } from "@/app/_cli/commands";
import { asksForHelp, usageText, wordsOf } from "@/app/_cli/usage";
import { ConfigurationError, EXIT_CONFIGURATION } from "@/lib/platform/config";
import { endConnections } from "@/lib/platform/db/end-connections";

const EXIT = { done: 0, refused: 1, usage: 2, different: 2 } as const;

function misused(problem: string, argv: string[]): number {
  process.stderr.write(`gatehouse: ${problem}\n\n${usageText(argv)}`);
  return EXIT.usage;
}

async function print({ lines, ...result }: CommandResult, json: boolean): Promise<number> {
  if (lines !== undefined) {
    for (;;) {
      const step = await lines.next();
      if (step.done === true) return EXIT[step.value ?? result.outcome];
      if (!process.stdout.write(`${step.value}\n`)) await once(process.stdout, "drain");
    }
  }
  const stream = result.outcome === "refused" ? process.stderr : process.stdout;
  stream.write(`${json ? JSON.stringify(result) : result.text}\n`);
  return EXIT[result.outcome];
}

async function main(argv: string[]): Promise<number> {
  if (asksForHelp(argv)) {
    process.stdout.write(usageText(argv));
    return EXIT.done;
  }
  const command = COMMANDS.find((candidate) =>
    candidate.words.every((word, index) => argv[index] === word),
  );
  if (!command) {
    return misused(
      argv.length === 0 ? "which command?" : `unknown command: ${wordsOf(argv).join(" ")}`,
      argv,
    );
  }
  const rest = argv.slice(command.words.length);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { json: { type: "boolean" }, ...command.options },
      allowPositionals: true,
    });
    const { positionals: wanted } = command;
    const { min, max } = typeof wanted === "number" ? { min: wanted, max: wanted } : wanted;
    if (positionals.length < min || positionals.length > max)
      return misused("something is missing, or too much", argv);
    return await print(await command.run(positionals, values), values.json === true);
  } catch (error) {
    if (error instanceof TypeError && "code" in error) return misused(error.message, argv);
    if (error instanceof ConfigurationError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT_CONFIGURATION;
    }
    throw error;
  } finally {
    await endConnections();
  }
}

process.exitCode = await main(process.argv.slice(2));
