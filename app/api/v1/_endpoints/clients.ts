import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { asCaller } from "@/lib/authz/authority";
import {
  ClientKind,
  ClientListing,
  ClientSettings,
  NewClient,
  RESOURCE_SCOPES,
  SIGNING_ALGORITHMS,
} from "@/lib/oidc/client.schema";
import { addClientSecret, removeClientSecret } from "@/lib/oidc/client-secrets";
import { createClient } from "@/lib/oidc/create-client";
import {
  type Client,
  changeClient,
  deleteClient,
  findClient,
  isDisabled,
  searchClients,
} from "@/lib/oidc/manage-clients";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/clients";

const Secret = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

const Shown = z.string().nullable().describe("Shown this once; it exists nowhere else.");

const Resource = z.object({
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
  secrets: z.array(Secret).describe("At most two, while one replaces the other."),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

/** Text of any shape: an id that cannot exist is answered like one that does not. Some are addresses. */
const Id = z.string().transform((text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
});
const Params = z.object({ id: Id });
const SecretParams = z.object({ id: Id, secretId: z.string() });

const KEYS = {
  jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).max(10) }).optional(),
  jwksUri: z.string().max(500).optional(),
};

const oneOfBoth = ({ jwks, jwksUri }: { jwks?: unknown; jwksUri?: unknown }): boolean =>
  jwks === undefined || jwksUri === undefined;
const ONE_OF_BOTH = { path: ["jwksUri"], message: "Give jwks or jwksUri, not both." };

/** Undefined for neither: a client with keys signs, and has no secret. */
const keysOf = ({ jwks, jwksUri }: { jwks?: { keys: object[] }; jwksUri?: string }) =>
  jwks !== undefined ? { jwks } : jwksUri === undefined ? undefined : { jwksUri };

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

const resourceOf = (client: Client): z.infer<typeof Resource> => ({
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

const clientReply = (status: number, client: Client, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(client), { ...entityTag(client.version), ...headers });

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

function clientProblem(refusal: Refusal): ProblemError {
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

const listClientsEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Clients",
  summary: "The clients of the authorization server, by name",
  access: CLIENT_PERMISSIONS.view,
  query: ClientListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of clients", schema: pageOf(Resource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await searchClients(caller, listing, { limit, cursor });
    if (result.outcome !== "listed") throw refusalProblem("client", result);
    return jsonReply(200, {
      items: result.clients.map(resourceOf),
      nextCursor: result.nextCursor,
      previousCursor: result.previousCursor,
    });
  },
});

const createClientEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Clients",
  summary: "Register a client; its secret is in this answer and nowhere else",
  access: CLIENT_PERMISSIONS.manage,
  body: NewClient.extend(KEYS).refine(oneOfBoth, ONE_OF_BOTH),
  responses: {
    201: { description: "The new client", schema: Resource.extend({ secret: Shown }) },
    403: { description: "It would reach as far as its users without asking them" },
  },
  run: async ({ caller, body: { jwks, jwksUri, ...settings } }) => {
    const keys = keysOf({ jwks, jwksUri });
    const result = await createClient(asCaller(caller), { ...settings, ...(keys && { keys }) });
    if (result.outcome !== "created") throw clientProblem(result);
    const { client, secret } = result;
    return jsonReply(
      201,
      { ...resourceOf(client), secret },
      { ...entityTag(client.version), location: `${PATH}/${client.id}` },
    );
  },
});

const getClientEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Clients",
  summary: "One client, with its version as the entity tag",
  access: CLIENT_PERMISSIONS.view,
  params: Params,
  responses: { 200: { description: "The client", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const client = await findClient(caller, id);
    if (client === null) throw notFound("client");
    return clientReply(200, client);
  },
});

const updateClientEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Clients",
  summary:
    "Change a client; disabling it, giving it less, or another address without holding every permission, ends all that it holds",
  access: CLIENT_PERMISSIONS.manage,
  params: Params,
  body: ClientSettings.partial()
    .extend({ ...KEYS, status: z.enum(["active", "disabled"]).optional() })
    .refine(oneOfBoth, ONE_OF_BOTH)
    .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
  responses: {
    200: { description: "The changed client", schema: Resource },
    403: { description: "It reaches, or would reach, as far as its users without asking them" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body: { jwks, jwksUri, ...change }, header }) => {
    const keys = keysOf({ jwks, jwksUri });
    const version = expectedVersion(header("if-match"));
    const result = await changeClient(caller, id, { ...change, keys }, version);
    if (result.outcome !== "changed") throw clientProblem(result);
    return clientReply(200, result.client);
  },
});

const deleteClientEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Clients",
  summary: "Delete a client, with its secrets and all that it holds",
  access: CLIENT_PERMISSIONS.manage,
  params: Params,
  responses: { 204: { description: "The client is gone" } },
  run: async ({ caller, params: { id } }) => {
    const result = await deleteClient(caller, id);
    if (result.outcome !== "deleted") throw clientProblem(result);
    return emptyReply();
  },
});

const addSecretEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/secrets`,
  tag: "Clients",
  summary: "Add a second secret, to change over without a moment in between",
  access: CLIENT_PERMISSIONS.manage,
  params: Params,
  responses: {
    201: { description: "The new secret", schema: Secret.extend({ secret: Shown }) },
    403: { description: "The client reaches as far as its users without asking them" },
    409: { description: "It has two already, or needs none" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await addClientSecret(caller, id);
    if (result.outcome !== "added") throw clientProblem(result);
    const { secretId, secret, createdAt } = result;
    const body = { id: secretId, createdAt: createdAt.toISOString(), lastUsedAt: null, secret };
    return jsonReply(201, body);
  },
});

const removeSecretEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}/secrets/{secretId}`,
  tag: "Clients",
  summary: "Remove a secret; never the last one of a client that needs one",
  access: CLIENT_PERMISSIONS.manage,
  params: SecretParams,
  responses: {
    204: { description: "The secret is gone" },
    409: { description: "It is the only one" },
  },
  run: async ({ caller, params: { id, secretId } }) => {
    const result = await removeClientSecret(caller, id, secretId);
    if (result.outcome !== "changed") throw clientProblem(result);
    return emptyReply();
  },
});

export const CLIENT_ENDPOINTS = [
  listClientsEndpoint,
  createClientEndpoint,
  getClientEndpoint,
  updateClientEndpoint,
  deleteClientEndpoint,
  addSecretEndpoint,
  removeSecretEndpoint,
];
