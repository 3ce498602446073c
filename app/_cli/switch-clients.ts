import "server-only";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import {
  deleteClientAsOperator,
  type OperatedClient,
  switchClientAsOperator,
} from "@/lib/oidc/operate-clients";

const said = (verb: string, result: OperatedClient): CommandResult =>
  result.outcome === "done"
    ? done(`${verb} ${result.name}.`)
    : refused("There is no such client. `gatehouse client list` has their ids.", "not_found");

export const switchClientCommands: Command[] = [
  {
    words: ["client", "disable"],
    usage: "client disable <id>",
    summary: "Disable a client; what it holds ends, and its users sign in to it no more.",
    positionals: 1,
    run: async ([id = ""]) =>
      said("Disabled", await switchClientAsOperator(id, "disabled", CLI_REQUEST)),
  },
  {
    words: ["client", "enable"],
    usage: "client enable <id>",
    summary: "Enable a client again; its users sign in anew.",
    positionals: 1,
    run: async ([id = ""]) =>
      said("Enabled", await switchClientAsOperator(id, "active", CLI_REQUEST)),
  },
  {
    words: ["client", "delete"],
    usage: "client delete <id>",
    summary: "Delete a client with its secrets and everything that it holds.",
    positionals: 1,
    run: async ([id = ""]) => said("Deleted", await deleteClientAsOperator(id, CLI_REQUEST)),
  },
];
