import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import {
  CLIENTS_PATH,
  ClientId,
  ClientParams,
  ClientSecret,
  clientProblem,
  SecretShownOnce,
} from "@/app/api/v1/_endpoints/client-resource";
import { addClientSecret, removeClientSecret } from "@/lib/oidc/client-secrets";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const SecretParams = z.object({ id: ClientId, secretId: z.string() });

const addSecretEndpoint = endpoint({
  method: "POST",
  path: `${CLIENTS_PATH}/{id}/secrets`,
  tag: "Clients",
  summary: "Add a second secret, to change over without a moment in between",
  access: CLIENT_PERMISSIONS.manage,
  params: ClientParams,
  responses: {
    201: {
      description: "The new secret",
      schema: ClientSecret.extend({ secret: SecretShownOnce }),
    },
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
  path: `${CLIENTS_PATH}/{id}/secrets/{secretId}`,
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

export const CLIENT_SECRET_ENDPOINTS = [addSecretEndpoint, removeSecretEndpoint];
