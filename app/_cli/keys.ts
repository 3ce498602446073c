import "server-only";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { reencryptColumns } from "@/lib/keys/reencrypt-columns";
import { listSigningKeys, rotateSigningKeys } from "@/lib/oidc/signing-keys";

export const keyCommands: Command[] = [
  {
    words: ["keys", "list"],
    usage: "keys list",
    summary: "List the signing keys of the authorization server with their state.",
    positionals: 0,
    run: async () => {
      const keys = await listSigningKeys();
      const lines = keys.map(({ kid, alg, state, since }) =>
        [kid, alg, state, since.toISOString()].join("\t"),
      );
      return done(lines.join("\n"), { keys });
    },
  },
  {
    words: ["keys", "rotate"],
    usage: "keys rotate [--compromised]",
    summary:
      "Let the waiting keys sign from now on; what the former ones signed stays good, unless they are compromised.",
    positionals: 0,
    options: { compromised: { type: "boolean" } },
    run: async (_, { compromised }) => {
      const result = await rotateSigningKeys({ type: "system" }, CLI_REQUEST, {
        compromised: compromised === true,
      });
      return result.outcome === "rotated"
        ? done(`These keys sign from now on:\n${result.kids.join("\n")}`, { kids: result.kids })
        : refused(
            "The waiting keys were published less than an hour ago: some verifier may not know them yet. Wait, or use --compromised if the present keys must go at once.",
            "too_early",
          );
    },
  },
  {
    words: ["keys", "reencrypt"],
    usage: "keys reencrypt",
    summary:
      "Encrypt with the first of DATA_ENCRYPTION_KEYS what another one has encrypted; it can be stopped and run again.",
    positionals: 0,
    run: async (_, { json }) => ({
      ...done(""),
      lines: reencryptInLines(json === true),
    }),
  },
];

/** A line for every batch, and one for what came of all; refused when something cannot be opened. */
async function* reencryptInLines(json: boolean): AsyncGenerator<string, CommandResult["outcome"]> {
  const run = reencryptColumns(CLI_REQUEST);
  for (;;) {
    const step = await run.next();
    if (step.done === true) {
      const { done: count, unreadable } = step.value;
      const outcome = unreadable === 0 ? "done" : "refused";
      yield json
        ? JSON.stringify({ outcome, done: count, unreadable })
        : [
            `${count} values were encrypted anew.`,
            ...(unreadable === 0
              ? ["Everything has the first key: others can be removed."]
              : [`${unreadable} cannot be opened with any key that is configured, and stay.`]),
          ].join("\n");
      return outcome;
    }
    const { table, column, ...counts } = step.value;
    yield json
      ? JSON.stringify({ outcome: "progress", table, column, ...counts })
      : `${table}.${column}\t${counts.done}`;
  }
}
