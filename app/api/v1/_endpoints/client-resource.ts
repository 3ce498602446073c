import "server-only";
import { z } from "zod";
import { entityTag } from "@/app/api/entity-tag";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { ClientKind, RESOURCE_SCOPES, SIGNING_ALGORITHMS } from "@/lib/oidc/client.schema";
import type { createClient } from "@/lib/oidc/create-client";
import { type Client, type changeClient, isDisabled } from "@/lib/oidc/manage-clients";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";

export const CLIENTS_PATH = "/api/v1/clients";

export const ClientSecret = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

export const SecretShownOnce = z
  .string()
  .nullable()
  .describe("Shown this once; it exists nowhere else.");

export const ClientResource = z.object({
  id: z.string().describe("The client_id."),
  name: z.string(),
  source: z
    .enum(["registered", "dynamic", "document"])
    .describe("Entered here, registered by itself, or known by the document at its id."),
  kind: ClientKind,
  status: z.enum(["active", "disabled"]),
  authMethod: z.enum(["none", "client_secret_basic", "private_key_jwt"]),
  firstParty: z.boolean().describe("One of ours: its users are not asked for consent."),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backchannelLogoutUri: z.string().nullable(),
  scopes: z.array(z.string()).describe(`Of ${RESOURCE_SCOPES.join(", ")}.`),
  idTokenAlgorithm: z.enum(SIGNING_ALGORITHMS),
  requirePushedRequests: z
    .boolean()
    .describe("Its authorization requests count only when it has pushed them (RFC 9126 §6)."),
  jwks: z.unknown().describe("The public keys of a client that signs, if we have them."),
  jwksUri: z.string().nullable().describe("Where they are otherwise."),
  secrets: z.array(ClientSecret).describe("At most two, while one replaces the other."),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

/** Text of any shape: an id that cannot exist is answered like one that does not. Some are addresses. */
export const ClientId = z.string().transform((text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
});
export const ClientParams = z.object({ id: ClientId });

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

export const resourceOf = (client: Client): z.infer<typeof ClientResource> => ({
  id: client.id,
  name: client.name,
  source: client.source,
  kind: client.kind,
  status: isDisabled(client) ? "disabled" : "active",
  authMethod: client.authMethod,
  firstParty: client.firstParty,
  redirectUris: client.redirectUris,
  postLogoutRedirectUris: client.postLogoutRedirectUris,
  backchannelLogoutUri: client.backchannelLogoutUri,
  scopes: client.scopes,
  idTokenAlgorithm: client.idTokenAlgorithm,
  requirePushedRequests: client.requirePushedRequests,
  jwks: client.jwks,
  jwksUri: client.jwksUri,
  secrets: client.secrets.map(({ id, createdAt, lastUsedAt }) => ({
    id,
    createdAt: createdAt.toISOString(),
    lastUsedAt: time(lastUsedAt),
  })),
  createdAt: client.createdAt.toISOString(),
  lastUsedAt: time(client.lastUsedAt),
  version: client.version,
});

export const clientReply = (
  status: number,
  client: Client,
  headers: Reply["headers"] = {},
): Reply => jsonReply(status, resourceOf(client), { ...entityTag(client.version), ...headers });

type Refusal = Exclude<
  Awaited<ReturnType<typeof changeClient>> | Awaited<ReturnType<typeof createClient>>,
  { outcome: "changed" | "created" }
>;

const CONFLICTS = {
  "described-by-document": [
    "described_by_document",
    "What this client is, is said by its own document; it can only be disabled",
  ],
  "too-many-secrets": ["too_many_secrets", "The client has two secrets already; remove one first"],
  "last-secret": ["last_secret", "This is the client's only secret; add another one first"],
  "keeps-no-secret": ["keeps_no_secret", "A client of this kind has no secret"],
} as const;

export function clientProblem(refusal: Refusal): ProblemError {
  if (refusal.outcome === "not-found") return notFound("client");
  switch (refusal.reason) {
    case "invalid":
      return new ProblemError({
        status: 422,
        code: "validation_failed",
        title: "The request does not fit",
        errors: Object.entries(refusal.fields).flatMap(([path, messages]) =>
          messages.map((message) => ({ path, message })),
        ),
      });
    case "too-many-secrets":
    case "last-secret":
    case "keeps-no-secret":
    case "described-by-document": {
      const [code, title] = CONFLICTS[refusal.reason];
      return new ProblemError({ status: 409, code, title });
    }
    default:
      return refusalProblem("client", refusal);
  }
}
