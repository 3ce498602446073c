import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused, unknownRoles } from "@/app/_cli/result";
import { Email } from "@/lib/shared/email.schema";
import { changeRoleAsOperator, resolveRoleNames } from "@/lib/users/operate-users";

const command = (change: "grant" | "revoke", summary: string): Command => ({
  words: ["role", change],
  usage: `role ${change} <email> <role>`,
  summary,
  positionals: 2,
  run: async ([address, role = ""]) => {
    const email = Email.safeParse(address);
    if (!email.success) return refused("This is no email address.", "validation_failed");
    const result = await changeRoleAsOperator(email.data, role, change, CLI_REQUEST);
    switch (result.outcome) {
      case "assigned": {
        const names = result.roles.map(({ name }) => name);
        const now = names.length > 0 ? names.join(", ") : "no role";
        return done(`${email.data} has ${now}.`, { roles: names, changed: result.changed });
      }
      case "not-found":
        return refused("There is no such user.", "not_found");
      default:
        return "reason" in result && result.reason === "unknown-role"
          ? refused(unknownRoles([role], (await resolveRoleNames([role])).known), "unknown_role")
          : refused("Nobody would be left who may do everything.", "last_administrator");
    }
  },
});

export const roleCommands: Command[] = [
  command("grant", "Give a user a role."),
  command("revoke", "Take a role from a user."),
];
