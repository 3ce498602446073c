import "server-only";
import { auditCommands } from "@/app/_cli/audit";
import { demoCommand } from "@/app/_cli/demo";
import { doctorCommand } from "@/app/_cli/doctor";
import { roleCommands } from "@/app/_cli/roles";
import { syncCommand } from "@/app/_cli/sync";
import { userCommands } from "@/app/_cli/users";

export interface CommandResult {
  outcome: "done" | "refused";
  /** For people; `--json` prints the whole result instead. */
  text: string;
  /** Printed line by line instead, where the answer may not fit into memory. */
  lines?: AsyncIterable<string>;
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

export const COMMANDS: Command[] = [
  syncCommand,
  ...userCommands,
  ...roleCommands,
  ...auditCommands,
  doctorCommand,
  demoCommand,
];
