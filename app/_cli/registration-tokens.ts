import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import {
  createInitialToken,
  listInitialTokens,
  revokeInitialToken,
} from "@/lib/oidc/initial-tokens";
import { getConfig } from "@/lib/platform/config";
import { parseDurationSeconds } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";

const REFUSALS = {
  name: "Say in up to 100 characters what the token is for.",
  uses: "--uses is a number from 1 to 1000.",
  lifetime: "--expires is a duration from 1m to 90d, such as 7d.",
  scopes: "--scope is api:read or api:write.",
};

export const registrationTokenCommands: Command[] = [
  {
    words: ["registration-token", "create"],
    usage:
      "registration-token create <name> [--uses <count>] [--expires <duration>] [--scope <scope>]...",
    summary:
      "Make a token by which programs register themselves as clients; it is printed this once.",
    positionals: 1,
    options: {
      uses: { type: "string" },
      expires: { type: "string" },
      scope: { type: "string", multiple: true },
    },
    run: async ([name = ""], { uses, expires, scope }) => {
      const result = await createInitialToken(
        {
          name,
          ...(uses !== undefined && { usesMax: Number(uses) }),
          ...(expires !== undefined && {
            lifetimeSeconds: parseDurationSeconds(String(expires)) ?? Number.NaN,
          }),
          ...(scope !== undefined && { scopes: [scope].flat().map(String) }),
        },
        { type: "system" },
        CLI_REQUEST,
      );
      if (result.outcome === "rejected") {
        return refused(REFUSALS[result.reason], "validation_failed");
      }
      const { id, token } = result;
      const notice = getConfig().clients.byRegistration
        ? []
        : ["It works once DYNAMIC_REGISTRATION is token."];
      return done([`id ${id}`, `initial_access_token ${token}`, ...notice].join("\n"), {
        id,
        token,
      });
    },
  },
  {
    words: ["registration-token", "list"],
    usage: "registration-token list",
    summary: "List the tokens by which programs register themselves, with what is left of them.",
    positionals: 0,
    run: async () => {
      const tokens = await listInitialTokens();
      const lines = tokens.map(({ id, name, uses, usesMax, scopes, expiresAt }) =>
        [id, name, `${uses}/${usesMax}`, scopes.join(" "), expiresAt.toISOString()].join("\t"),
      );
      return done(lines.join("\n"), { tokens });
    },
  },
  {
    words: ["registration-token", "revoke"],
    usage: "registration-token revoke <id>",
    summary: "Take such a token back; clients that it has made stay.",
    positionals: 1,
    run: async ([id = ""]) => {
      const gone = isId(id) && (await revokeInitialToken(id, { type: "system" }, CLI_REQUEST));
      return gone
        ? done("It makes no client any more.", { id })
        : refused("There is no such token.", "not_found");
    },
  },
];
