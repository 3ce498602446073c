import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import { notFound, tooManyRequests } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import {
  AccessReason,
  Acknowledgement,
  BreakGlassMinutes,
  DurationMinutes,
  ReviewNote,
} from "@/lib/access-requests/access-request.schema";
import { askForRole, withdrawRequest } from "@/lib/access-requests/ask-for-role";
import { acknowledgeEmergency, breakGlass } from "@/lib/access-requests/break-glass";
import { endAccess, endOwnAccess } from "@/lib/access-requests/end-access";
import {
  type AccessRequest,
  listInbox,
  listOwnRequests,
} from "@/lib/access-requests/list-requests";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { approveRequest, denyRequest, listRequesters } from "@/lib/access-requests/review-request";
import type { Probe } from "@/lib/authz/impact/probe";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { hours, minutes } from "@/lib/shared/duration";

const PATH = "/api/v1/access-requests";
const Params = z.object({ id: z.string() });

const Resource = z.object({
  id: z.uuid(),
  kind: z.enum(["request", "break_glass"]),
  state: z.enum(["pending", "approved", "denied", "withdrawn", "expired"]),
  userId: z.uuid(),
  roleId: z.uuid().nullable().describe("Null once the role is deleted."),
  roleName: z.string(),
  reason: z.string(),
  durationMinutes: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().describe("Nobody can answer it any more from then on."),
  reviewedAt: z.iso.datetime().nullable(),
  note: z.string(),
  inForceUntil: z.iso.datetime().nullable().describe("While the role is held by it."),
});

const resourceOf = (row: AccessRequest): z.infer<typeof Resource> => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  userId: row.userId,
  roleId: row.roleId,
  roleName: row.roleName,
  reason: row.reason,
  durationMinutes: Math.round(row.durationSeconds / 60),
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  reviewedAt: row.reviewedAt?.toISOString() ?? null,
  note: row.note,
  inForceUntil: row.inForceUntil?.toISOString() ?? null,
});

const Until = z.object({ until: z.iso.datetime() });

const listOwnEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Access requests",
  summary: "The caller's own requests in their organization, newest first",
  access: "signed-in",
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of requests", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listOwnRequests(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const listPendingEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/pending`,
  tag: "Access requests",
  summary:
    "What waits in the organization for an answer, or for somebody to look at it; oldest first",
  access: ACCESS_PERMISSIONS.approve,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of requests", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const { pending, unacknowledged } = await listInbox(caller);
    const page = pageWithin([...unacknowledged, ...pending], ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const askEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Access requests",
  summary: "Ask for a role for 15 minutes to 30 days; somebody else decides",
  access: "signed-in",
  body: z.strictObject({
    roleId: z.uuid(),
    reason: AccessReason,
    durationMinutes: DurationMinutes,
    decisionId: z.uuid().optional().describe("The caller's refusal that it comes from."),
  }),
  responses: {
    201: { description: "The request waits", schema: z.object({ id: z.uuid() }) },
    403: { description: "A token asks, or an app" },
    409: { description: "It is held already, or asked for" },
  },
  run: async ({ caller, body: { roleId, reason, durationMinutes, decisionId = null } }) => {
    const durationSeconds = minutes(durationMinutes);
    const result = await askForRole(caller, { roleId, reason, durationSeconds, decisionId });
    if (result.outcome === "asked") return jsonReply(201, { id: result.id });
    const { reason: refusal } = result;
    if (refusal === "unknown-role") throw unfitting("roleId", "There is no such role.");
    if (refusal === "too-many-requests") throw tooManyRequests(hours(1));
    throw refusalProblem("request", { outcome: "rejected", reason: refusal });
  },
});

const withdrawEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/withdraw`,
  tag: "Access requests",
  summary: "Take one's own request back, or end what it gave",
  access: "signed-in",
  params: Params,
  responses: { 204: { description: "It is over" }, 409: { description: "It was over already" } },
  run: async ({ caller, params: { id } }) => {
    if (await withdrawRequest(caller, id)) return emptyReply();
    const result = await endOwnAccess(caller, id);
    if (result.outcome !== "ended") throw refusalProblem("request", result);
    return emptyReply();
  },
});

const Note = z.strictObject({ note: ReviewNote.default("") });

const approveEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/approve`,
  tag: "Access requests",
  summary:
    "Approve somebody else's request: they have the role from now on, until its time is over",
  access: ACCESS_PERMISSIONS.approve,
  params: Params,
  query: PREVIEW,
  body: Note,
  responses: {
    200: { description: "Until when they have it", schema: z.union([Until, PREVIEWABLE]) },
    403: { description: "One's own, or the role gives what the caller lacks" },
    409: { description: "Somebody was faster, or duties conflict" },
  },
  run: async ({ caller, params: { id }, query, body: { note } }) => {
    const approve = (probe?: Probe) => approveRequest(caller, id, note, probe);
    const result = await (isPreview(query)
      ? previewChange(caller, approve, { userIds: await listRequesters(caller, id) })
      : approve());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome === "approved") {
      return jsonReply(200, { until: result.until.toISOString() });
    }
    throw result.outcome === "denied" ? notFound("request") : refusalProblem("request", result);
  },
});

const denyEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/deny`,
  tag: "Access requests",
  summary: "Deny somebody else's request",
  access: ACCESS_PERMISSIONS.approve,
  params: Params,
  body: Note,
  responses: {
    204: { description: "It is denied" },
    403: { description: "One's own, or the role gives what the caller lacks" },
    409: { description: "Somebody was faster" },
  },
  run: async ({ caller, params: { id }, body: { note } }) => {
    const result = await denyRequest(caller, id, note);
    if (result.outcome === "denied") return emptyReply();
    throw result.outcome === "approved" ? notFound("request") : refusalProblem("request", result);
  },
});

const endEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/end`,
  tag: "Access requests",
  summary: "End what a request or an emergency gave to somebody",
  access: ACCESS_PERMISSIONS.approve,
  params: Params,
  query: PREVIEW,
  responses: {
    200: { description: "What it would do", schema: PREVIEWABLE },
    204: { description: "It is over" },
    409: { description: "It was over already" },
  },
  run: async ({ caller, params: { id }, query }) => {
    const end = (probe?: Probe) => endAccess(caller, id, probe);
    const result = await (isPreview(query)
      ? previewChange(caller, end, { userIds: await listRequesters(caller, id) })
      : end());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "ended") throw refusalProblem("request", result);
    return emptyReply();
  },
});

const breakGlassEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/break-glass`,
  tag: "Access requests",
  summary: "Give oneself a role for emergencies for an hour at most; it takes a second factor",
  access: ACCESS_PERMISSIONS.breakGlass,
  body: z.strictObject({
    roleId: z.uuid(),
    reason: AccessReason,
    durationMinutes: BreakGlassMinutes,
  }),
  responses: {
    201: { description: "Until when the caller has it", schema: Until.extend({ id: z.uuid() }) },
    409: { description: "It is held already, too often today, or duties conflict" },
  },
  run: async ({ caller, body: { roleId, reason, durationMinutes } }) => {
    const durationSeconds = minutes(durationMinutes);
    const result = await breakGlass(caller, { roleId, reason, durationSeconds });
    if (result.outcome === "given") {
      return jsonReply(201, { id: result.id, until: result.until.toISOString() });
    }
    if (result.reason === "unknown-role") {
      throw unfitting("roleId", "There is no such role for emergencies.");
    }
    throw refusalProblem("request", result);
  },
});

const acknowledgeEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/acknowledge`,
  tag: "Access requests",
  summary: "Say what one found of somebody else's emergency",
  access: ACCESS_PERMISSIONS.approve,
  params: Params,
  body: z.strictObject({ note: Acknowledgement }),
  responses: { 204: { description: "It is acknowledged" }, 409: { description: "It was already" } },
  run: async ({ caller, params: { id }, body: { note } }) => {
    const result = await acknowledgeEmergency(caller, id, note);
    if (result.outcome !== "acknowledged") throw refusalProblem("request", result);
    return emptyReply();
  },
});

export const ACCESS_REQUEST_ENDPOINTS = [
  listOwnEndpoint,
  listPendingEndpoint,
  askEndpoint,
  breakGlassEndpoint,
  withdrawEndpoint,
  approveEndpoint,
  denyEndpoint,
  endEndpoint,
  acknowledgeEndpoint,
];
