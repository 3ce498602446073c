import "server-only";
import { auditCommands } from "@/app/_cli/audit";
import { auditKeepingCommands } from "@/app/_cli/audit-keeping";
import { clientCommands } from "@/app/_cli/clients";
import { configurationCommands } from "@/app/_cli/configuration";
import { demoCommand } from "@/app/_cli/demo";
import { doctorCommand } from "@/app/_cli/doctor";
import { erasureCommands } from "@/app/_cli/erasures";
import { keyCommands } from "@/app/_cli/keys";
import { policyCommands } from "@/app/_cli/policies";
import { registrationTokenCommands } from "@/app/_cli/registration-tokens";
import { roleCommands } from "@/app/_cli/roles";
import { switchClientCommands } from "@/app/_cli/switch-clients";
import { syncCommand } from "@/app/_cli/sync";
import { userImportCommand } from "@/app/_cli/user-import";
import { userCommands } from "@/app/_cli/users";

export interface CommandResult {
  /** `different` is neither: what was compared is not the same. */
  outcome: "done" | "refused" | "different";
  /** For people; `--json` prints the whole result instead. */
  text: string;
  /**
   * Printed line by line instead, where the answer may not fit into memory or takes long. What it
   * returns is the outcome, where that is known at the end.
   */
  lines?: AsyncGenerator<string, CommandResult["outcome"] | void>;
  [field: string]: unknown;
}

export interface Command {
  words: string[];
  usage: string;
  summary: string;
  /** How many there are; two numbers where one may be left out. */
  positionals: number | { min: number; max: number };
  options?: Record<string, { type: "string" | "boolean"; multiple?: boolean }>;
  run(
    positionals: string[],
    options: Record<string, string | boolean | (string | boolean)[] | undefined>,
  ): Promise<CommandResult>;
}

export const COMMANDS: Command[] = [
  syncCommand,
  ...userCommands,
  userImportCommand,
  ...roleCommands,
  ...policyCommands,
  ...clientCommands,
  ...switchClientCommands,
  ...registrationTokenCommands,
  ...keyCommands,
  ...auditCommands,
  ...auditKeepingCommands,
  ...configurationCommands,
  ...erasureCommands,
  doctorCommand,
  demoCommand,
];
