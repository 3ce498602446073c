import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import {
  deactivatePolicyAsOperator,
  listPoliciesAsOperator,
} from "@/lib/policies/operate-policies";

export const policyCommands: Command[] = [
  {
    words: ["policy", "list"],
    usage: "policy list",
    summary: "List every policy with its id, what is in force or in shadow, and its name.",
    positionals: 0,
    run: async () => {
      const policies = await listPoliciesAsOperator();
      const lines = policies.map(({ id, name, activeNumber, shadowNumber, shown }) => {
        const active = activeNumber === null ? "-" : `active ${activeNumber}`;
        const shadow = shadowNumber === null ? "-" : `shadow ${shadowNumber}`;
        return [id, active, shadow, shown.effect, name].join("\t");
      });
      return done(lines.length === 0 ? "There is no policy." : lines.join("\n"), {
        policies: policies.map(({ shown, newestNumber, ...policy }) => ({
          ...policy,
          newestNumber,
          effect: shown.effect,
          permissions: shown.permissions,
        })),
      });
    },
  },
  {
    words: ["policy", "deactivate"],
    usage: "policy deactivate <id>",
    summary: "Take a policy out of force, whoever it has shut out.",
    positionals: 1,
    run: async ([id = ""]) => {
      const result = await deactivatePolicyAsOperator(id, CLI_REQUEST);
      if (result.outcome === "changed") return done(`${result.policy.name} is out of force.`);
      return result.outcome === "not-found"
        ? refused("There is no such policy: policy list has their ids.", "not_found")
        : refused("Nobody would be left who may do everything.", "last_administrator");
    },
  },
];
