import "server-only";
import type { CommandResult } from "@/app/_cli/commands";

export const done = (text: string, fields: Record<string, unknown> = {}): CommandResult => ({
  outcome: "done",
  text,
  ...fields,
});

export const refused = (text: string, code: string): CommandResult => ({
  outcome: "refused",
  text,
  code,
});

export const unknownRoles = (unknown: string[], known: string[]): string =>
  `There is no role named ${unknown.join(", ")}. There are: ${known.join(", ")}.`;
