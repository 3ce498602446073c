import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import {
  CLIENTS_PATH,
  ClientParams,
  ClientResource,
  clientProblem,
  clientReply,
  resourceOf,
  SecretShownOnce,
} from "@/app/api/v1/_endpoints/client-resource";
import { asCaller } from "@/lib/authz/authority";
import { ClientListing, ClientSettings, NewClient } from "@/lib/oidc/client.schema";
import { createClient } from "@/lib/oidc/create-client";
import { changeClient, deleteClient, findClient, searchClients } from "@/lib/oidc/manage-clients";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

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

const listClientsEndpoint = endpoint({
  method: "GET",
  path: CLIENTS_PATH,
  tag: "Clients",
  summary: "The clients of the authorization server, by name",
  access: CLIENT_PERMISSIONS.view,
  query: ClientListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of clients", schema: pageOf(ClientResource) } },
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
  path: CLIENTS_PATH,
  tag: "Clients",
  summary: "Register a client; its secret is in this answer and nowhere else",
  access: CLIENT_PERMISSIONS.manage,
  body: NewClient.extend(KEYS).refine(oneOfBoth, ONE_OF_BOTH),
  responses: {
    201: {
      description: "The new client",
      schema: ClientResource.extend({ secret: SecretShownOnce }),
    },
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
      { ...entityTag(client.version), location: `${CLIENTS_PATH}/${client.id}` },
    );
  },
});

const getClientEndpoint = endpoint({
  method: "GET",
  path: `${CLIENTS_PATH}/{id}`,
  tag: "Clients",
  summary: "One client, with its version as the entity tag",
  access: CLIENT_PERMISSIONS.view,
  params: ClientParams,
  responses: { 200: { description: "The client", schema: ClientResource } },
  run: async ({ caller, params: { id } }) => {
    const client = await findClient(caller, id);
    if (client === null) throw notFound("client");
    return clientReply(200, client);
  },
});

const updateClientEndpoint = endpoint({
  method: "PATCH",
  path: `${CLIENTS_PATH}/{id}`,
  tag: "Clients",
  summary:
    "Change a client; disabling it, giving it less, or another address without holding every permission, ends all that it holds",
  access: CLIENT_PERMISSIONS.manage,
  params: ClientParams,
  body: ClientSettings.partial()
    .extend({ ...KEYS, status: z.enum(["active", "disabled"]).optional() })
    .refine(oneOfBoth, ONE_OF_BOTH)
    .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
  responses: {
    200: { description: "The changed client", schema: ClientResource },
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
  path: `${CLIENTS_PATH}/{id}`,
  tag: "Clients",
  summary: "Delete a client, with its secrets and all that it holds",
  access: CLIENT_PERMISSIONS.manage,
  params: ClientParams,
  responses: { 204: { description: "The client is gone" } },
  run: async ({ caller, params: { id } }) => {
    const result = await deleteClient(caller, id);
    if (result.outcome !== "deleted") throw clientProblem(result);
    return emptyReply();
  },
});

export const CLIENT_ENDPOINTS = [
  listClientsEndpoint,
  createClientEndpoint,
  getClientEndpoint,
  updateClientEndpoint,
  deleteClientEndpoint,
];
