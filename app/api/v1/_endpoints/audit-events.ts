import "server-only";
import { z } from "zod";
import { csvReply } from "@/app/api/csv-reply";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unfitting, unknownCursor } from "@/app/api/paging";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { AuditListing, AuditOutcome } from "@/lib/audit-log/audit-log.schema";
import { type AuditEvent, listAuditEvents, type Party } from "@/lib/audit-log/list-audit-events";
import { streamAuditEvents } from "@/lib/audit-log/stream-audit-events";
import { jsonReply, PRIVATE } from "@/lib/platform/http/reply";
import type { Caller } from "@/lib/shared/caller";
import { csvOf } from "@/lib/shared/csv";

const PATH = "/api/v1/audit-events";

const PartyResource = z.object({
  type: z.string(),
  id: z.string().nullable(),
  name: z.string().nullable().describe("As it is now; null for what is gone or has none."),
});

const Resource = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string().describe("`object.verb`, like `user.role_assigned`."),
  outcome: AuditOutcome,
  actor: PartyResource,
  client: PartyResource.nullable().describe("The app that acted for the actor, if one did."),
  subject: PartyResource.nullable().describe(
    "As whom the actor acted, in an impersonated session; else null.",
  ),
  target: PartyResource.nullable(),
  reason: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

async function pageOfEvents(
  caller: Caller,
  listing: AuditListing,
  page: { limit: number; cursor?: string | undefined },
) {
  const result = await listAuditEvents(caller, listing, page);
  if (result.outcome === "listed") return result;
  throw result.reason === "unknown-cursor"
    ? unknownCursor()
    : unfitting(result.names[0] ?? "", "Nothing has this id, email address or name.");
}

const listAuditEventsEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Audit",
  summary:
    "The audit log, newest first; `actor` and `target` are ids, email addresses or names, `id` is that of an event, request or decision, `from` and `to` are instants or whole days in UTC",
  access: AUDIT_PERMISSIONS.view,
  services: true,
  query: AuditListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of events", schema: pageOf(Resource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const page = await pageOfEvents(caller, listing, { limit, cursor });
    return jsonReply(200, {
      items: page.events.map((event) => ({ ...event, at: event.at.toISOString() })),
      nextCursor: page.nextCursor,
      previousCursor: page.previousCursor,
    });
  },
});

/** In one file; so many that a spreadsheet is the wrong tool for more. */
const CSV_EVENTS_MAX = 10_000;
const CSV_PAGE = 500;

const CSV_COLUMNS = [
  "id",
  "at",
  "action",
  "outcome",
  "actor type",
  "actor id",
  "actor",
  "client",
  "subject id",
  "subject",
  "target type",
  "target id",
  "target",
  "reason",
  "ip",
  "user agent",
  "request id",
  "before",
  "after",
];

const cellsOf = (party: Party | null) => [party?.type ?? "", party?.id ?? "", party?.name ?? ""];
const json = (value: unknown) => (value === null ? "" : JSON.stringify(value));

const csvRowOf = (event: AuditEvent): string[] => [
  event.id,
  event.at.toISOString(),
  event.action,
  event.outcome,
  ...cellsOf(event.actor),
  event.client?.name ?? event.client?.id ?? "",
  event.subject?.id ?? "",
  event.subject?.name ?? "",
  ...cellsOf(event.target),
  event.reason ?? "",
  event.ip ?? "",
  event.userAgent ?? "",
  event.requestId,
  json(event.before),
  json(event.after),
];

const exportAuditEventsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}.csv`,
  tag: "Audit",
  summary: `The same as a file of at most ${CSV_EVENTS_MAX} events; the header Link has the next one`,
  access: AUDIT_PERMISSIONS.view,
  services: true,
  query: AuditListing.extend({ cursor: z.string().optional() }),
  responses: { 200: { description: "A file (RFC 4180)" } },
  run: async ({ caller, query: { cursor, ...listing } }) => {
    const rows: string[][] = [];
    let at = cursor;
    do {
      const page = await pageOfEvents(caller, listing, { limit: CSV_PAGE, cursor: at });
      rows.push(...page.events.map(csvRowOf));
      at = page.nextCursor ?? undefined;
    } while (at !== undefined && rows.length < CSV_EVENTS_MAX);
    const next = new URLSearchParams({ ...listing, ...(at !== undefined && { cursor: at }) });
    const nextHref = at === undefined ? null : `${PATH}.csv?${next}`;
    return csvReply("audit-events", csvOf(CSV_COLUMNS, rows), nextHref);
  },
});

const StreamedParty = z.object({ type: z.string(), id: z.string().nullable() });

const StreamedResource = z.object({
  cursor: z.string().describe("Where the stream goes on after this very event."),
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string(),
  outcome: AuditOutcome,
  actor: StreamedParty,
  organizationId: z.uuid().nullable().describe("In which it was done."),
  clientId: z.string().nullable(),
  subjectId: z.uuid().nullable().describe("As whom the actor acted, if not as themselves."),
  target: StreamedParty.nullable(),
  reason: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

const NDJSON = "application/x-ndjson";

const streamAuditEventsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/stream`,
  tag: "Audit",
  summary: `The audit log, oldest first, to be asked again from \`nextCursor\`: each event once, also after a crash; with Accept: ${NDJSON} one event a line, and where to go on in the header Link`,
  access: AUDIT_PERMISSIONS.view,
  services: true,
  query: z.strictObject({
    after: z
      .string()
      .optional()
      .describe("The cursor of an event or an answer; without it from the first event on."),
    limit: z.coerce.number<string>().int().min(1).max(1_000).default(100),
  }),
  responses: {
    200: {
      description: "What comes next; a page may be short, or empty, and not the last",
      schema: z.object({
        items: z.array(StreamedResource),
        nextCursor: z.string(),
        more: z.boolean().describe("Whether there is anything to ask for at once."),
      }),
    },
  },
  run: async ({ caller, query, header }) => {
    const result = await streamAuditEvents(caller, query);
    if (result.outcome === "rejected") {
      throw unfitting("after", "This is no cursor of this log.");
    }
    const { events: items, nextCursor, more } = result;
    if (!accepts(header("accept"), NDJSON)) return jsonReply(200, { items, nextCursor, more });
    const next = new URLSearchParams({ after: nextCursor, limit: String(query.limit) });
    return {
      status: 200,
      headers: {
        "content-type": `${NDJSON}; charset=utf-8`,
        link: `<${PATH}/stream?${next}>; rel="next"`,
        vary: "Accept",
        ...PRIVATE,
      },
      body: items.map((item) => `${JSON.stringify(item)}\n`).join(""),
    };
  },
});

const accepts = (header: string | null, type: string): boolean =>
  (header ?? "").split(",").some((one) => one.split(";")[0]?.trim().toLowerCase() === type);

export const AUDIT_ENDPOINTS = [
  listAuditEventsEndpoint,
  exportAuditEventsEndpoint,
  streamAuditEventsEndpoint,
];
