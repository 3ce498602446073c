import "server-only";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { eraseUserFromAudit } from "@/lib/audit-chain/erase-user";
import { listHolds, placeHold, releaseHold } from "@/lib/audit-chain/holds";
import { isId } from "@/lib/shared/id.schema";
import { findUserId } from "@/lib/users/operate-users";

type Change = (userId: string, reason: string, named: string) => Promise<CommandResult>;

/** A command about one user, by address or, for one who is gone, by id; with a reason for the record. */
const aboutUser =
  (change: Change): Command["run"] =>
  async ([named = ""], { reason }) => {
    if (typeof reason !== "string" || reason.trim() === "") {
      return refused("Say with --reason why: it goes on record.", "validation_failed");
    }
    const userId = isId(named) ? named : await findUserId(named);
    return userId === null
      ? refused(`There is no user ${named}. Give the id of one who is gone.`, "not_found")
      : change(userId, reason.trim(), named);
  };

const REASON = { reason: { type: "string" } } as const;

export const auditKeepingCommands: Command[] = [
  {
    words: ["audit", "holds"],
    usage: "audit holds",
    summary: "List whose events are kept whatever their age.",
    positionals: 0,
    run: async () => {
      const holds = await listHolds();
      const lines = holds.map(({ userId, placedAt, reason }) =>
        [userId, placedAt.toISOString(), reason].join("\t"),
      );
      return done(lines.join("\n"), { holds });
    },
  },
  {
    words: ["audit", "hold"],
    usage: "audit hold <email or id> --reason <text>",
    summary: "Keep every event of a user from being pruned or erased.",
    positionals: 1,
    options: REASON,
    run: aboutUser(async (userId, reason, named) =>
      (await placeHold(userId, reason, CLI_REQUEST))
        ? done(`Everything about ${named} is kept from now on.`, { userId })
        : refused(`There is a hold on ${named} already.`, "exists"),
    ),
  },
  {
    words: ["audit", "release"],
    usage: "audit release <email or id> --reason <text>",
    summary: "End a hold.",
    positionals: 1,
    options: REASON,
    run: aboutUser(async (userId, reason, named) =>
      (await releaseHold(userId, reason, CLI_REQUEST))
        ? done(`What is about ${named} goes when its time is over.`, { userId })
        : refused(`There is no hold on ${named}.`, "not_found"),
    ),
  },
  {
    words: ["audit", "erase"],
    usage: "audit erase <email or id> --reason <text>",
    summary:
      "Take a user's personal data out of the audit log; what happened stays, and the chain whole.",
    positionals: 1,
    options: REASON,
    run: aboutUser(async (userId, reason, named) =>
      (await eraseUserFromAudit(userId, reason, CLI_REQUEST)).outcome === "erased"
        ? done(`The audit log has nothing personal of ${named} any more.`, { userId })
        : refused(`There is a hold on ${named}. End it first: \`audit release\`.`, "held"),
    ),
  },
];
