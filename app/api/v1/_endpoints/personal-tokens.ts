import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound, ProblemError, unauthenticated } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { API_SCOPES } from "@/lib/oidc/scopes";
import {
  createToken,
  listOwnTokens,
  type PersonalToken,
  revokeOwnToken,
  TOKENS_MAX,
} from "@/lib/personal-tokens/own-tokens";
import {
  LIFETIME_DAYS_DEFAULT,
  LifetimeDays,
  TokenName,
} from "@/lib/personal-tokens/personal-token.schema";
import { listUserTokens, revokeUserToken } from "@/lib/personal-tokens/user-tokens";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const OWN = "/api/v1/tokens";
const OF_USER = "/api/v1/users/{id}/tokens";

const Scopes = z.array(z.enum(API_SCOPES)).min(1, "Choose at least one scope.").max(10);

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe("To the minute."),
});

const resourceOf = (token: PersonalToken): z.infer<typeof Resource> => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes,
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
});

const tooMany = (): ProblemError =>
  new ProblemError({
    status: 409,
    code: "too_many_tokens",
    title: `You have ${TOKENS_MAX} personal access tokens`,
    detail: "Revoke one that you do not need any more.",
  });

const listOwnEndpoint = endpoint({
  method: "GET",
  path: OWN,
  tag: "Account",
  summary: "The caller's own personal access tokens, newest first",
  access: "signed-in",
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of tokens", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const tokens = await listOwnTokens(caller);
    const { items, nextCursor } = pageWithin(tokens, (token) => token.id, query);
    return jsonReply(200, { items: items.map(resourceOf), nextCursor });
  },
});

const createEndpoint = endpoint({
  method: "POST",
  path: OWN,
  tag: "Account",
  summary: "Make a personal access token",
  access: "signed-in",
  fresh: true,
  body: z.strictObject({
    name: TokenName,
    scopes: Scopes,
    expiresInDays: LifetimeDays.default(LIFETIME_DAYS_DEFAULT),
  }),
  responses: {
    201: {
      description: "The new token, shown this once",
      schema: Resource.extend({ token: z.string() }),
    },
    403: { description: "A token asks, or an app" },
    409: { description: "There are too many already" },
  },
  run: async ({ caller, body: { name, scopes, expiresInDays: lifetimeDays } }) => {
    const result = await createToken(caller, { name, scopes, lifetimeDays });
    if (result.outcome === "rejected") {
      throw result.reason === "too-many" ? tooMany() : unauthenticated();
    }
    return jsonReply(201, { ...resourceOf(result.token), token: result.secret });
  },
});

const revokeOwnEndpoint = endpoint({
  method: "DELETE",
  path: `${OWN}/{id}`,
  tag: "Account",
  summary: "Revoke one of the caller's own personal access tokens",
  access: "signed-in",
  params: z.object({ id: z.string() }),
  responses: { 204: { description: "It opens nothing any more" } },
  run: async ({ caller, params: { id } }) => {
    if (!(await revokeOwnToken(caller, id))) throw notFound("token");
    return emptyReply();
  },
});

const listOfUserEndpoint = endpoint({
  method: "GET",
  path: OF_USER,
  tag: "Users",
  summary: "The personal access tokens of a user, newest first",
  access: USER_PERMISSIONS.revokeSessions,
  services: true,
  params: z.object({ id: z.string() }),
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of tokens", schema: pageOf(Resource) } },
  run: async ({ caller, params: { id }, query }) => {
    const tokens = await listUserTokens(caller, id);
    if (tokens === null) throw notFound("user");
    const { items, nextCursor } = pageWithin(tokens, (token) => token.id, query);
    return jsonReply(200, { items: items.map(resourceOf), nextCursor });
  },
});

const revokeOfUserEndpoint = endpoint({
  method: "DELETE",
  path: `${OF_USER}/{tokenId}`,
  tag: "Users",
  summary: "Revoke a personal access token of a user",
  access: USER_PERMISSIONS.revokeSessions,
  services: true,
  params: z.object({ id: z.string(), tokenId: z.string() }),
  responses: {
    204: { description: "It opens nothing any more" },
    403: { description: "The user holds what the caller lacks" },
  },
  run: async ({ caller, params: { id, tokenId } }) => {
    const result = await revokeUserToken(caller, id, tokenId);
    if (result.outcome !== "revoked") throw refusalProblem("token", result);
    return emptyReply();
  },
});

export const PERSONAL_TOKEN_ENDPOINTS = [
  listOwnEndpoint,
  createEndpoint,
  revokeOwnEndpoint,
  listOfUserEndpoint,
  revokeOfUserEndpoint,
];
