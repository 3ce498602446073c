import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { WaiverDays, WaiverReason } from "@/lib/duties/duty.schema";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { endWaiver, listWaivers, type WaiverRow, waiveConflict } from "@/lib/duties/waivers";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const Params = z.object({ id: z.string() });

const WaiverResource = z.object({
  id: z.uuid(),
  conflictId: z.uuid(),
  userId: z.uuid(),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const waiverOf = ({ id, conflictId, userId, reason, createdAt, expiresAt }: WaiverRow) => ({
  id,
  conflictId,
  userId,
  reason,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});

const listWaiversEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/duty-waivers",
  tag: "Duties",
  summary:
    "The waivers that hold in the caller's organization; the one that ends first comes first",
  access: DUTY_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of waivers", schema: pageOf(WaiverResource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listWaivers(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(waiverOf) });
  },
});

const waiveEndpoint = endpoint({
  method: "POST",
  path: "/api/v1/duty-conflicts/{id}/waivers",
  tag: "Duties",
  summary: "Let somebody else hold both sides for some time; it gives them nothing",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ userId: z.uuid(), reason: WaiverReason, days: WaiverDays }),
  responses: {
    200: {
      description: "Until when it holds",
      schema: z.object({ expiresAt: z.iso.datetime() }),
    },
    409: { description: "For oneself" },
  },
  run: async ({ caller, params: { id: conflictId }, body: { userId, reason, days } }) => {
    const result = await waiveConflict(caller, { conflictId, user: userId, reason, days });
    if (result.outcome === "waived") {
      return jsonReply(200, { expiresAt: result.expiresAt.toISOString() });
    }
    if (result.outcome === "rejected" && result.reason === "unknown-user") {
      throw unfitting("userId", "The organization has no such member.");
    }
    throw refusalProblem("conflict", result);
  },
});

const endWaiverEndpoint = endpoint({
  method: "DELETE",
  path: "/api/v1/duty-waivers/{id}",
  tag: "Duties",
  summary: "End a waiver at once; what its user holds stays, and is reported",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  responses: { 204: { description: "It is over" } },
  run: async ({ caller, params: { id } }) => {
    if (!(await endWaiver(caller, id))) throw notFound("waiver");
    return emptyReply();
  },
});

export const WAIVER_ENDPOINTS = [waiveEndpoint, listWaiversEndpoint, endWaiverEndpoint];
