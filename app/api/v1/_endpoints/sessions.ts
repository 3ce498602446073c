import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin, unknownCursor } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import {
  listOwnSessions,
  revokeOtherSessions,
  revokeOwnSession,
} from "@/lib/sessions/revoke-sessions";
import { isId } from "@/lib/shared/id.schema";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { endUserSessions, listEverySession, listUserSessions } from "@/lib/users/user-sessions";

const OWN = "/api/v1/sessions";
const OF_USER = "/api/v1/users/{id}/sessions";

const Resource = z.object({
  id: z.uuid(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  acr: z.string(),
  amr: z.array(z.string()),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  impersonated: z.boolean().describe("Whether somebody else acts as the user in it."),
  current: z.boolean().describe("The session that asks."),
});

const Params = z.object({ id: z.string() });

type Session = Awaited<ReturnType<typeof listOwnSessions>>[number];

const resourceOf = (
  session: Omit<Session, "current">,
  currentId: string,
): z.infer<typeof Resource> => ({
  id: session.id,
  ip: session.ip,
  userAgent: session.userAgent,
  acr: session.acr,
  amr: session.amr,
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  impersonated: session.impersonated,
  current: session.id === currentId,
});

const listOwnEndpoint = endpoint({
  method: "GET",
  path: OWN,
  tag: "Account",
  summary: "The caller's own live sessions, last used first",
  access: "signed-in",
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of sessions", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const sessions = await listOwnSessions(caller);
    const { items, nextCursor } = pageWithin(sessions, (session) => session.id, query);
    const currentId = caller.principal.session.id;
    return jsonReply(200, {
      items: items.map((session) => resourceOf(session, currentId)),
      nextCursor,
    });
  },
});

const endOwnEndpoint = endpoint({
  method: "DELETE",
  path: `${OWN}/{id}`,
  tag: "Account",
  summary: "End one of the caller's own sessions",
  access: "signed-in",
  params: Params,
  responses: { 204: { description: "It opens nothing any more" } },
  run: async ({ caller, params: { id } }) => {
    const ended = isId(id) && (await revokeOwnSession(caller, id)).outcome === "revoked";
    if (!ended) throw notFound("session");
    return emptyReply();
  },
});

const endOthersEndpoint = endpoint({
  method: "DELETE",
  path: OWN,
  tag: "Account",
  summary: "End every session of the caller but the one that asks",
  access: "signed-in",
  responses: { 204: { description: "The others open nothing any more" } },
  run: async ({ caller }) => {
    await revokeOtherSessions(caller);
    return emptyReply();
  },
});

const listOfUserEndpoint = endpoint({
  method: "GET",
  path: OF_USER,
  tag: "Users",
  summary: "The live sessions of a user, last used first",
  access: USER_PERMISSIONS.revokeSessions,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of sessions", schema: pageOf(Resource) } },
  run: async ({ caller, params: { id }, query }) => {
    const sessions = await listUserSessions(caller, id);
    if (sessions === null) throw notFound("user");
    const { items, nextCursor } = pageWithin(sessions, (session) => session.id, query);
    const currentId = caller.principal.session.id;
    return jsonReply(200, {
      items: items.map((session) => resourceOf(session, currentId)),
      nextCursor,
    });
  },
});

const endAllOfUserEndpoint = endpoint({
  method: "DELETE",
  path: OF_USER,
  tag: "Users",
  summary: "End every session of a user",
  access: USER_PERMISSIONS.revokeSessions,
  services: true,
  params: Params,
  responses: {
    204: { description: "None of them opens anything any more" },
    403: { description: "The user holds what the caller lacks" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await endUserSessions(caller, id, null);
    if (result.outcome !== "ended") throw refusalProblem("user", result);
    return emptyReply();
  },
});

const endOneOfUserEndpoint = endpoint({
  method: "DELETE",
  path: `${OF_USER}/{sessionId}`,
  tag: "Users",
  summary: "End one session of a user",
  access: USER_PERMISSIONS.revokeSessions,
  services: true,
  params: z.object({ id: z.string(), sessionId: z.string() }),
  responses: {
    204: { description: "It opens nothing any more" },
    403: { description: "The user holds what the caller lacks" },
  },
  run: async ({ caller, params: { id, sessionId } }) => {
    if (!isId(sessionId)) throw notFound("session");
    const result = await endUserSessions(caller, id, sessionId);
    if (result.outcome !== "ended") throw refusalProblem("session", result);
    return emptyReply();
  },
});

const LiveResource = z.object({
  id: z.uuid(),
  user: z.object({ id: z.uuid(), email: z.string(), name: z.string().nullable() }),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  lastSeenAt: z.iso.datetime(),
});

const listEveryEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/organization-sessions",
  tag: "Users",
  summary: "The live sessions of everybody in the caller's organization, newest first",
  access: USER_PERMISSIONS.revokeSessions,
  query: z.strictObject({
    ...PAGE_QUERY,
    q: z.string().trim().max(200).optional().describe("Part of a name or an address."),
  }),
  responses: { 200: { description: "A page of sessions", schema: pageOf(LiveResource) } },
  run: async ({ caller, query }) => {
    const result = await listEverySession(caller, query);
    if (result.outcome === "rejected") throw unknownCursor();
    const items = result.sessions.map(({ id, user, ip, userAgent, lastSeenAt }) => ({
      id,
      user: { id: user.id, email: user.email, name: user.name },
      ip,
      userAgent,
      lastSeenAt: lastSeenAt.toISOString(),
    }));
    return jsonReply(200, { items, nextCursor: result.nextCursor });
  },
});

export const SESSION_ENDPOINTS = [
  listEveryEndpoint,
  listOwnEndpoint,
  endOwnEndpoint,
  endOthersEndpoint,
  listOfUserEndpoint,
  endAllOfUserEndpoint,
  endOneOfUserEndpoint,
];
