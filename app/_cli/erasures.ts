import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { listErasedAccounts, repeatErasures } from "@/lib/personal-data/erase-due-accounts";
import { isId } from "@/lib/shared/id.schema";

/** Of one call: the arguments of a command line have an end. */
const IDS_MAX = 1_000;

export const erasureCommands: Command[] = [
  {
    words: ["erasures", "list"],
    usage: "erasures list",
    summary: "List the ids of users who were erased, to be kept beside the backups.",
    positionals: 0,
    run: async () => {
      const erasures = await listErasedAccounts();
      const lines = erasures.map(({ userId, erasedAt }) => `${userId}\t${erasedAt.toISOString()}`);
      return done(lines.join("\n"), { erasures });
    },
  },
  {
    words: ["erasures", "repeat"],
    usage: "erasures repeat <id> [<id> …]",
    summary: "Erase users again whom a restored backup has brought back.",
    positionals: { min: 1, max: IDS_MAX },
    run: async (ids) => {
      const wrong = ids.filter((id) => !isId(id));
      if (wrong.length > 0) {
        return refused(`These are no ids of users: ${wrong.join(", ")}.`, "validation_failed");
      }
      const count = await repeatErasures(ids, CLI_REQUEST);
      const text =
        count === 0
          ? "None of them is here."
          : `${count} of them were back, and are erased by the running server within the hour.`;
      return done(text, { count });
    },
  },
];
