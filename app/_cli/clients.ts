import "server-only";
import { readFile } from "node:fs/promises";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { NewClient } from "@/lib/oidc/client.schema";
import { type ClientKeys, parseClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import { createClient, listClients } from "@/lib/oidc/create-client";
import { issuer } from "@/lib/oidc/issuer";

/** The options by which the fields of a client are given. */
const OPTIONS: Record<string, string> = {
  name: "the name",
  kind: "--kind",
  redirectUris: "--redirect-uri",
  postLogoutRedirectUris: "--post-logout-redirect-uri",
  backchannelLogoutUri: "--backchannel-logout-uri",
  scopes: "--scope",
  firstParty: "--first-party",
  idTokenAlgorithm: "--id-token-algorithm",
  requirePushedRequests: "--require-par",
  jwks: "--public-key",
  jwksUri: "--jwks-uri",
};

const problemIn = (field: PropertyKey | undefined, message: string): string => {
  const option = OPTIONS[String(field)];
  return option === undefined ? message : `${option}: ${message}`;
};

const texts = (value: unknown): string[] => [value ?? []].flat().map(String);

async function keysFrom(file: unknown, jwksUri: unknown): Promise<ClientKeys | undefined> {
  if (file !== undefined && jwksUri !== undefined) {
    throw new UnusableClientKeys("give --public-key or --jwks-uri, not both");
  }
  if (typeof jwksUri === "string") return { jwksUri };
  if (typeof file !== "string") return undefined;
  const text = await readFile(file, "utf8").catch(() => {
    throw new UnusableClientKeys(`${file} cannot be read`);
  });
  return parseClientKeys(text);
}

export const clientCommands: Command[] = [
  {
    words: ["client", "create"],
    usage:
      "client create <name> --kind web|single_page|native|service [--redirect-uri <uri>]... [--post-logout-redirect-uri <uri>]... [--backchannel-logout-uri <uri>] [--scope <scope>]... [--public-key <file> | --jwks-uri <uri>] [--pairwise [--sector-identifier-uri <uri>]] [--first-party] [--id-token-algorithm ES256|EdDSA|RS256] [--require-par]",
    summary:
      "Register a client of the authorization server; prints issuer and client id, and its secret, if it has one, this once.",
    positionals: 1,
    options: {
      kind: { type: "string" },
      "redirect-uri": { type: "string", multiple: true },
      "post-logout-redirect-uri": { type: "string", multiple: true },
      "backchannel-logout-uri": { type: "string" },
      scope: { type: "string", multiple: true },
      "public-key": { type: "string" },
      "jwks-uri": { type: "string" },
      pairwise: { type: "boolean" },
      "sector-identifier-uri": { type: "string" },
      "first-party": { type: "boolean" },
      "id-token-algorithm": { type: "string" },
      "require-par": { type: "boolean" },
    },
    run: async ([name = ""], options) => {
      const client = NewClient.safeParse({
        name,
        kind: options["kind"],
        firstParty: options["first-party"] === true,
        redirectUris: texts(options["redirect-uri"]),
        postLogoutRedirectUris: texts(options["post-logout-redirect-uri"]),
        backchannelLogoutUri: texts(options["backchannel-logout-uri"])[0],
        scopes: texts(options["scope"]),
        idTokenAlgorithm: options["id-token-algorithm"],
        requirePushedRequests: options["require-par"] === true,
      });
      if (!client.success) {
        const problems = client.error.issues.map((issue) =>
          problemIn(issue.path[0], issue.message),
        );
        return refused(problems.join("\n"), "validation_failed");
      }
      let keys: ClientKeys | undefined;
      try {
        keys = await keysFrom(options["public-key"], options["jwks-uri"]);
      } catch (error) {
        if (!(error instanceof UnusableClientKeys)) throw error;
        return refused(`${error.message}.`, "validation_failed");
      }
      const result = await createClient(
        { kind: "operator", request: CLI_REQUEST },
        {
          ...client.data,
          ...(keys && { keys }),
          pairwise: options["pairwise"] === true,
          ...(typeof options["sector-identifier-uri"] === "string" && {
            sectorIdentifierUri: options["sector-identifier-uri"],
          }),
        },
      );
      if (result.outcome === "rejected") {
        const fields = result.reason === "invalid" ? Object.entries(result.fields) : [];
        const problems = fields.flatMap(([field, messages]) =>
          messages.map((message) => problemIn(field, message)),
        );
        return refused(problems.join("\n"), "invalid_client_metadata");
      }
      const {
        client: { id: clientId },
        secret,
      } = result;
      const lines = [
        `issuer ${issuer()}`,
        `client_id ${clientId}`,
        ...(secret === null ? [] : [`client_secret ${secret}`]),
      ];
      return done(lines.join("\n"), { issuer: issuer(), clientId, secret });
    },
  },
  {
    words: ["client", "list"],
    usage: "client list",
    summary: "List the clients of the authorization server.",
    positionals: 0,
    run: async () => {
      const clients = await listClients();
      const lines = clients.map(({ id, kind, source, name, disabled, lastUsedAt }) =>
        [
          id,
          kind,
          source,
          name,
          lastUsedAt?.toISOString() ?? "never used",
          ...(disabled ? ["disabled"] : []),
        ].join("\t"),
      );
      return done(lines.join("\n"), { clients });
    },
  },
];
