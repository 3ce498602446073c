import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused, unknownRoles } from "@/app/_cli/result";
import { inviteUserAsOperator } from "@/lib/authn/invite-user";
import { resetFactorsAsOperator } from "@/lib/authn/reset-factors";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import { getConfig } from "@/lib/platform/config";
import { Email, PersonName } from "@/lib/shared/email.schema";
import {
  disableUserAsOperator,
  enableUserAsOperator,
  listUsersAsOperator,
  resolveRoleNames,
} from "@/lib/users/operate-users";

const NO_ADDRESS = "This is no email address.";
const LAST_ADMINISTRATOR =
  "Nobody would be left who may do everything. Give somebody else such a role first.";

const asList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");

const REFUSALS: Record<string, string> = {
  "address-taken": "There is a user with this address already.",
  "unknown-role": "There is no such role.",
  common: "This password is on lists that attackers try first. Choose another.",
  personal: "This password is too close to the name, the address or this site.",
  "last-administrator": LAST_ADMINISTRATOR,
  "duty-conflict": "These roles together are what nobody may hold without a waiver.",
};

const create: Command = {
  words: ["user", "create"],
  usage: "user create <email> [--name NAME] [--password PASSWORD] [--role ROLE]...",
  summary: "Create a user. Without a password, print and mail a link to choose one.",
  positionals: 1,
  options: {
    name: { type: "string" },
    password: { type: "string" },
    role: { type: "string", multiple: true },
  },
  run: async ([address], options) => {
    const email = Email.safeParse(address);
    if (!email.success) return refused(NO_ADDRESS, "validation_failed");
    const name = PersonName.optional().safeParse(options["name"]);
    if (!name.success) return refused("This is no name.", "validation_failed");
    const password = NewPassword.optional().safeParse(options["password"]);
    if (!password.success) {
      const [issue] = password.error.issues;
      return refused(issue?.message ?? "This password cannot be used.", "validation_failed");
    }
    const roles = asList(options["role"]);
    const { ids, unknown, known } = await resolveRoleNames(roles);
    if (unknown.length > 0) return refused(unknownRoles(unknown, known), "unknown_role");
    const { result, secret } = await inviteUserAsOperator(
      {
        email: email.data,
        name: name.data ?? null,
        password: password.data ?? null,
        roleIds: roles.length > 0 ? ids : null,
      },
      CLI_REQUEST,
    );
    if (result.outcome !== "created") {
      const { reason } = result;
      return refused(REFUSALS[reason] ?? "This was refused.", reason.replaceAll("-", "_"));
    }
    const link =
      secret === null ? null : new URL(`/reset-password?token=${secret}`, getConfig().appUrl).href;
    const next = link === null ? "" : `\nChoose a password within 7 days: ${link}`;
    return done(`Created ${email.data}.${next}`, { id: result.user.id, email: email.data, link });
  },
};

const list: Command = {
  words: ["user", "list"],
  usage: "user list",
  summary: "List the newest users with their status and roles.",
  positionals: 0,
  run: async () => {
    const users = await listUsersAsOperator();
    const lines = users.map(
      ({ email, status, roles }) =>
        `${email}\t${status}\t${roles.map((role) => role.name).join(", ")}`,
    );
    return done(lines.length > 0 ? lines.join("\n") : "There are no users.", { users });
  },
};

const disable: Command = {
  words: ["user", "disable"],
  usage: "user disable <email>",
  summary: "Disable a user and end their sessions.",
  positionals: 1,
  run: async ([address]) => {
    const email = Email.safeParse(address);
    if (!email.success) return refused(NO_ADDRESS, "validation_failed");
    const result = await disableUserAsOperator(email.data, CLI_REQUEST);
    if (result.outcome === "updated") return done(`Disabled ${email.data}.`);
    if (result.outcome === "not-found") return refused("There is no such user.", "not_found");
    return refused(
      REFUSALS[result.reason] ?? LAST_ADMINISTRATOR,
      result.reason.replaceAll("-", "_"),
    );
  },
};

const enable: Command = {
  words: ["user", "enable"],
  usage: "user enable <email>",
  summary: "Enable a disabled user again; nobody who was signed in is so now.",
  positionals: 1,
  run: async ([address]) => {
    const email = Email.safeParse(address);
    if (!email.success) return refused(NO_ADDRESS, "validation_failed");
    const result = await enableUserAsOperator(email.data, CLI_REQUEST);
    if (result.outcome === "updated") return done(`Enabled ${email.data}.`);
    if (result.outcome === "not-found") return refused("There is no such user.", "not_found");
    return refused(
      REFUSALS[result.reason] ??
        "They have not accepted their invitation yet: that makes them active.",
      result.reason.replaceAll("-", "_"),
    );
  },
};

const resetMfa: Command = {
  words: ["user", "reset-mfa"],
  usage: "user reset-mfa <email> [--reason <text>]",
  summary: "Take every second factor from a user who has lost theirs, and end their sessions.",
  positionals: 1,
  options: { reason: { type: "string" } },
  run: async ([address], { reason }) => {
    const email = Email.safeParse(address);
    if (!email.success) return refused(NO_ADDRESS, "validation_failed");
    const why = typeof reason === "string" ? reason : "by command line";
    const result = await resetFactorsAsOperator(email.data, why, CLI_REQUEST);
    if (result.outcome === "not-found") return refused("There is no such user.", "not_found");
    const { factors, endedSessions } = result;
    const taken = factors.length === 0 ? "They had none" : `Taken: ${factors.join(", ")}`;
    return done(`${taken}. Sessions ended: ${endedSessions}.`, { factors, endedSessions });
  },
};

export const userCommands: Command[] = [create, list, disable, enable, resetMfa];
