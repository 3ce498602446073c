import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { seedDemo } from "@/lib/demo/seed-demo";

export const demoCommand: Command = {
  words: ["demo"],
  usage: "demo",
  summary: "Fill the database with people, invoices and a month of events to look at.",
  positionals: 0,
  run: async () => {
    const result = await seedDemo(CLI_REQUEST, new Date());
    if (result.outcome === "rejected") {
      return result.reason === "already-there"
        ? refused("The demo is in this database already. Its passwords were shown once.", "exists")
        : refused("The demo needs the roles Admin, Manager and User.", "role_missing");
    }
    const rows = result.passwords.map(
      ({ email, role, password }) => `  ${role.padEnd(8)} ${email.padEnd(22)} ${password}`,
    );
    return done(
      `43 people, 60 invoices and a month of events are there. Shown once:\n${rows.join("\n")}`,
      { passwords: result.passwords },
    );
  },
};
