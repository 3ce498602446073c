import "server-only";
import { z } from "zod";
import {
  type DecisionTranslator,
  describeSource,
  describeStored,
  programDecisionTranslator,
} from "@/app/_shell/decision-words";
import { csvReply } from "@/app/api/csv-reply";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unfitting, unknownCursor } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { CATALOGUE } from "@/app/resources";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { type Access, listAccess } from "@/lib/decisions/list-access";
import { type Holder, type HolderListing, listHolders } from "@/lib/decisions/list-holders";
import { listObjects } from "@/lib/decisions/list-objects";
import { jsonReply } from "@/lib/platform/http/reply";
import { AAL1 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { csvOf } from "@/lib/shared/csv";

/** As many rows as one file has; the header `link` says where the next one goes on. */
const CSV_ROWS_MAX = 10_000;

const Text = z
  .string()
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Use valid text.");

const HOLDERS = "/api/v1/access/holders";
const OF_USER = "/api/v1/users/{id}";
const REPORT = { tag: "Decisions", access: DECISION_PERMISSIONS.view, services: true } as const;

const Extent = z
  .enum(["always", "depends"])
  .describe("`depends` on what the request is like: when, from where, how proven.");
const Reach = z.enum(["all", "own", "some"]);

const HolderQuery = {
  permission: Text,
  record: Text.optional().describe("Of the type that the permission is about."),
  type: z.enum(["user", "service"]).default("user"),
};

const HolderResource = z.object({
  subject: z.object({ type: z.string(), id: z.string(), label: z.string() }),
  name: z.string().nullable(),
  extent: Extent,
  reach: Reach,
  by: z.array(z.string()).describe("Roles and policies that give it."),
});

const wordsOf = (t: DecisionTranslator, { by }: Holder): string[] => [
  ...new Set(by.map((source) => describeSource(t, source, null))),
];

async function pageOfHolders(
  caller: Caller,
  {
    permission,
    record,
    type,
  }: { permission: string; record?: string | undefined; type: HolderListing["type"] },
  page: { cursor?: string | undefined; limit: number },
) {
  const listing = { permission, record: record ?? null, type };
  const result = await listHolders(caller, listing, page, CATALOGUE);
  if (result.outcome === "listed") return result;
  if (result.reason === "unknown-cursor") throw unknownCursor();
  throw result.reason === "unknown-permission"
    ? unfitting("permission", "There is no such permission.")
    : unfitting("record", "There is no such record, or none of this type can be named.");
}

const listHoldersEndpoint = endpoint({
  ...REPORT,
  method: "GET",
  path: HOLDERS,
  summary: "Who may do this, to any record at all or to one; a page may be short and not the last",
  query: z.strictObject({ ...HolderQuery, ...PAGE_QUERY }),
  responses: { 200: { description: "A page of holders", schema: pageOf(HolderResource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const { holders, nextCursor } = await pageOfHolders(caller, listing, { limit, cursor });
    const t = await programDecisionTranslator();
    return jsonReply(200, {
      items: holders.map((holder) => ({ ...holder, by: wordsOf(t, holder) })),
      nextCursor,
    });
  },
});

const exportHoldersEndpoint = endpoint({
  ...REPORT,
  method: "GET",
  path: `${HOLDERS}.csv`,
  summary: `The same as a file of at most ${CSV_ROWS_MAX} rows; the header Link has the next one`,
  query: z.strictObject({ ...HolderQuery, cursor: z.string().optional() }),
  responses: { 200: { description: "A file (RFC 4180)" } },
  run: async ({ caller, query: { cursor, ...listing } }) => {
    const t = await programDecisionTranslator();
    const rows: string[][] = [];
    let at = cursor;
    do {
      const page = await pageOfHolders(caller, listing, { limit: 500, cursor: at });
      for (const holder of page.holders) {
        const { subject, name, extent, reach } = holder;
        const by = wordsOf(t, holder).join("; ");
        rows.push([subject.type, subject.id, subject.label, name ?? "", extent, reach, by]);
      }
      at = page.nextCursor ?? undefined;
    } while (at !== undefined && rows.length <= CSV_ROWS_MAX - 500);
    const header = ["type", "id", "subject", "name", "extent", "reach", "by"];
    const next = new URLSearchParams({
      permission: listing.permission,
      type: listing.type,
      ...(listing.record === undefined ? {} : { record: listing.record }),
      ...(at === undefined ? {} : { cursor: at }),
    });
    const nextHref = at === undefined ? null : `${HOLDERS}.csv?${next}`;
    return csvReply(`who-can-${listing.permission}`, csvOf(header, rows), nextHref);
  },
});

const AccessResource = z.object({
  permission: z.string(),
  resourceType: z.string(),
  extent: Extent,
  reach: Reach,
  paths: z.array(
    z.object({
      effect: z.enum(["allow", "deny"]),
      by: z.string().describe("Team › role › inherited role, or the policy."),
      condition: z.string().nullable(),
    }),
  ),
});

const pathsOf = (t: DecisionTranslator, { paths }: Access) =>
  paths.map(({ effect, source, path, condition }) => ({
    effect,
    by: describeSource(t, source, path),
    condition: describeStored(t, condition),
  }));

async function accessOf(caller: Caller, id: string): Promise<Access[]> {
  const report = await listAccess(caller, { type: "user", id }, CATALOGUE);
  if (report.outcome === "reported") return report.access;
  if (report.reason === "inactive-subject") return [];
  throw notFound("user");
}

const Params = z.object({ id: z.uuid().or(Text) });

const listAccessEndpoint = endpoint({
  ...REPORT,
  method: "GET",
  path: `${OF_USER}/access`,
  summary: "Everything that a user may do, how far it reaches and by which paths",
  params: Params,
  responses: {
    200: {
      description: "Every permission; none for who cannot sign in",
      schema: z.object({ items: z.array(AccessResource) }),
    },
  },
  run: async ({ caller, params: { id } }) => {
    const access = await accessOf(caller, id);
    const t = await programDecisionTranslator();
    return jsonReply(200, { items: access.map((one) => ({ ...one, paths: pathsOf(t, one) })) });
  },
});

const exportAccessEndpoint = endpoint({
  ...REPORT,
  method: "GET",
  path: `${OF_USER}/access.csv`,
  summary: "The same as a file, one row a path",
  params: Params,
  responses: { 200: { description: "A file (RFC 4180)" } },
  run: async ({ caller, params: { id } }) => {
    const t = await programDecisionTranslator();
    const rows = (await accessOf(caller, id)).flatMap((access) =>
      pathsOf(t, access).map(({ effect, by, condition }) => [
        access.permission,
        access.resourceType,
        access.extent,
        access.reach,
        effect,
        by,
        condition ?? "",
      ]),
    );
    const header = ["permission", "resource type", "extent", "reach", "effect", "by", "condition"];
    return csvReply("access", csvOf(header, rows));
  },
});

const listRecordsEndpoint = endpoint({
  ...REPORT,
  method: "GET",
  path: `${OF_USER}/records`,
  summary: "The records that a user may do this to, signed in now by a password, by id",
  params: Params,
  query: z.strictObject({ permission: Text, ...PAGE_QUERY }),
  responses: {
    200: {
      description: "A page of records",
      schema: pageOf(z.object({ id: z.string(), label: z.string() })),
    },
  },
  run: async ({ caller, params: { id }, query: { permission, limit, cursor } }) => {
    const circumstances = {
      at: null,
      ip: null,
      means: "session",
      acr: AAL1,
      authTime: new Date(),
    } as const;
    const asked = { subject: { type: "user", id }, permission, circumstances } as const;
    const result = await listObjects(caller, asked, { limit, cursor }, CATALOGUE);
    if (result.outcome === "listed") {
      return jsonReply(200, { items: result.records, nextCursor: result.nextCursor });
    }
    switch (result.reason) {
      case "unknown-cursor":
        throw unknownCursor();
      case "unknown-permission":
        throw unfitting("permission", "There is no such permission.");
      case "unlisted-type":
        throw unfitting("permission", "The records that it is about cannot be listed.");
      case "inactive-subject":
        return jsonReply(200, { items: [], nextCursor: null });
      case "unknown-subject":
        throw notFound("user");
    }
  },
});

export const ACCESS_REPORT_ENDPOINTS = [
  listHoldersEndpoint,
  exportHoldersEndpoint,
  listAccessEndpoint,
  exportAccessEndpoint,
  listRecordsEndpoint,
];
