import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import type { ProblemCode } from "@/app/api/problem-codes";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import {
  CLAIM_SCOPES,
  CLAIM_TARGETS,
  ClaimValue,
  NewClaim,
} from "@/lib/oidc/claim-template.schema";
import {
  type ClaimTemplate,
  createClaim,
  deleteClaim,
  listClaims,
  previewClaims,
} from "@/lib/oidc/manage-claims";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import type { RenderedClaims } from "@/lib/oidc/render-claims";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const PATH = "/api/v1/claims";

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  value: ClaimValue,
  scope: z.enum(CLAIM_SCOPES),
  targets: z.array(z.enum(CLAIM_TARGETS)),
  clientId: z.string().nullable().describe("Null for every client."),
});

const resourceOf = ({ id, name, value, scope, targets, clientId }: ClaimTemplate) => ({
  id,
  name,
  value,
  scope,
  targets,
  clientId,
});

const listClaimsEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Claims",
  summary: "The claims that were added to tokens and userinfo, by name",
  access: CLIENT_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of claims", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listClaims(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const conflict = (code: ProblemCode, title: string): ProblemError =>
  new ProblemError({ status: 409, code, title });

const createClaimEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Claims",
  summary: "Add a claim by a template; names that mean something to apps are refused",
  access: CLIENT_PERMISSIONS.manage,
  body: NewClaim,
  responses: {
    201: { description: "The new claim", schema: Resource },
    403: {
      description: "For every client, or one that is trusted with more than the caller holds",
    },
    409: { description: "There is one of this name, or there are too many" },
  },
  run: async ({ caller, body }) => {
    const result = await createClaim(caller, body);
    if (result.outcome === "created") {
      const { id } = result;
      return jsonReply(201, { id, ...body }, { location: `${PATH}/${id}` });
    }
    switch (result.reason) {
      case "unknown-client":
        throw unfitting("clientId", "There is no such client.");
      case "name-taken":
        throw conflict("name_taken", "There is a claim of this name already");
      case "too-many":
        throw conflict("too_many_claims", "There are as many claims as there can be");
      default:
        throw refusalProblem("claim", result);
    }
  },
});

const deleteClaimEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Claims",
  summary: "Take a claim away, from the next token on",
  access: CLIENT_PERMISSIONS.manage,
  params: z.object({ id: z.string() }),
  responses: { 204: { description: "It is gone" } },
  run: async ({ caller, params: { id } }) => {
    if (!(await deleteClaim(caller, id))) throw notFound("claim");
    return emptyReply();
  },
});

const Rendered = z.object({
  claims: z.record(z.string(), z.unknown()),
  leftOut: z.array(z.string()).describe("Too large, alone or with the others."),
});

const renderedOf = ({ claims, leftOut }: RenderedClaims) => ({
  claims: Object.fromEntries(claims),
  leftOut,
});

const previewClaimsEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/users/{id}/claims",
  tag: "Claims",
  summary: "What a client would be told of a user by these claims, with every scope granted",
  access: USER_PERMISSIONS.view,
  params: z.object({ id: z.string() }),
  query: z.strictObject({ clientId: z.string().max(500).optional() }),
  responses: {
    200: {
      description: "By place",
      schema: z.object({ id_token: Rendered, userinfo: Rendered, access_token: Rendered }),
    },
  },
  run: async ({ caller, params: { id: userId }, query: { clientId = null } }) => {
    const preview = await previewClaims(caller, { userId, clientId });
    if (preview === null) throw notFound("user");
    return jsonReply(200, {
      id_token: renderedOf(preview.id_token),
      userinfo: renderedOf(preview.userinfo),
      access_token: renderedOf(preview.access_token),
    });
  },
});

export const CLAIM_ENDPOINTS = [
  listClaimsEndpoint,
  createClaimEndpoint,
  deleteClaimEndpoint,
  previewClaimsEndpoint,
];
