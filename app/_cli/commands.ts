import "server-only";
import { syncCommand } from "@/app/_cli/sync";

export interface CommandResult {
  outcome: "done" | "refused";
  /** For people; `--json` prints the whole result instead. */
  text: string;
  [field: string]: unknown;
}

export interface Command {
  words: string[];
  usage: string;
  summary: string;
  positionals: number;
  options?: Record<string, { type: "string" | "boolean"; multiple?: boolean }>;
  run(
    positionals: string[],
    options: Record<string, string | boolean | (string | boolean)[] | undefined>,
  ): Promise<CommandResult>;
}

export const COMMANDS: Command[] = [syncCommand];
