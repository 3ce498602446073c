import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unfitting, unknownCursor } from "@/app/api/paging";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { AuditListing, AuditOutcome } from "@/lib/audit-log/audit-log.schema";
import { listAuditEvents } from "@/lib/audit-log/list-audit-events";
import { jsonReply } from "@/lib/platform/http/reply";

const Party = z.object({
  type: z.string(),
  id: z.string().nullable(),
  name: z.string().nullable().describe("As it is now; null for what is gone or has none."),
});

const Resource = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string().describe("`object.verb`, like `user.role_assigned`."),
  outcome: AuditOutcome,
  actor: Party,
  client: Party.nullable().describe("The app that acted for the actor, if one did."),
  target: Party.nullable(),
  reason: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

export const listAuditEventsEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/audit-events",
  tag: "Audit",
  summary:
    "The audit log, newest first; `actor` and `target` are ids, email addresses or names, `id` is that of an event, request or decision, `from` and `to` are instants or whole days in UTC",
  access: AUDIT_PERMISSIONS.view,
  services: true,
  query: AuditListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of events", schema: pageOf(Resource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await listAuditEvents(caller, listing, { limit, cursor });
    if (result.outcome === "rejected") {
      throw result.reason === "unknown-cursor"
        ? unknownCursor()
        : unfitting(result.names[0] ?? "", "Nothing has this id, email address or name.");
    }
    return jsonReply(200, {
      items: result.events.map((event) => ({ ...event, at: event.at.toISOString() })),
      nextCursor: result.nextCursor,
      previousCursor: result.previousCursor,
    });
  },
});
