import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unknownCursor } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { answerProblem } from "@/app/api/v1/_endpoints/access-review-problems";
import {
  Decision,
  ItemAnswer,
  ItemKind,
  ItemListing,
  Outcome,
} from "@/lib/access-reviews/access-review.schema";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { listItems, type ReviewItem } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { readEvidence } from "@/lib/access-reviews/read-evidence";
import { jsonReply, PRIVATE } from "@/lib/platform/http/reply";

const PATH = "/api/v1/access-reviews/{id}";
const TAG = "Access reviews";

const instant = z.iso.datetime().nullable();

const Item = z.object({
  id: z.uuid(),
  kind: ItemKind,
  userId: z.uuid().nullable(),
  teamId: z.uuid().nullable(),
  clientId: z.string().nullable(),
  roleId: z.uuid().nullable(),
  subject: z.string().describe("Who had it when the review began: an address, or a name."),
  grant: z.string().describe("The role's name, or the team's of a membership."),
  everywhere: z.boolean(),
  grantedBy: z.string().nullable(),
  grantedAt: z.iso.datetime(),
  expiresAt: instant,
  lastUsedAt: instant.describe("The user's last sign-in."),
  reviewerId: z.uuid(),
  decision: Decision.nullable(),
  note: z.string(),
  decidedById: z.uuid().nullable(),
  decidedAt: instant,
  outcome: Outcome.nullable().describe("Null while it can still change."),
  endedAt: instant,
});

const itemOf = (item: ReviewItem): z.infer<typeof Item> => ({
  id: item.id,
  kind: item.kind,
  userId: item.userId,
  teamId: item.teamId,
  clientId: item.clientId,
  roleId: item.roleId,
  subject: item.subject,
  grant: item.grantName,
  everywhere: item.everywhere,
  grantedBy: item.grantedByName,
  grantedAt: item.grantedAt.toISOString(),
  expiresAt: item.expiresAt?.toISOString() ?? null,
  lastUsedAt: item.lastUsedAt?.toISOString() ?? null,
  reviewerId: item.reviewerId,
  decision: item.decision,
  note: item.note,
  decidedById: item.decidedById,
  decidedAt: item.decidedAt?.toISOString() ?? null,
  outcome: item.outcome,
  endedAt: item.endedAt?.toISOString() ?? null,
});

const listItemsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/items`,
  tag: TAG,
  summary: "What a review asks the caller; with manage_reviews, whomever it asks",
  access: REVIEW_PERMISSIONS.answer,
  params: z.object({ id: z.string() }),
  query: ItemListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of items", schema: pageOf(Item) } },
  run: async ({ caller, params: { id }, query: { limit, cursor, ...listing } }) => {
    const result = await listItems(caller, id, listing, { limit, cursor });
    if (result.outcome === "not-found") throw notFound("access review");
    if (result.outcome === "rejected") throw unknownCursor();
    const { items, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: items.map(itemOf), nextCursor, previousCursor });
  },
});

const answerEndpoint = endpoint({
  method: "PUT",
  path: `${PATH}/items/{itemId}`,
  tag: TAG,
  summary: "Keep a grant, or revoke it at once",
  access: REVIEW_PERMISSIONS.answer,
  fresh: true,
  params: z.object({ id: z.string(), itemId: z.string() }),
  body: ItemAnswer,
  responses: {
    200: { description: "The item with the answer, and what came of it", schema: Item },
    403: { description: "Whoever started the review lacks what its holder holds" },
    409: { description: "It has ended, is the caller's own, or the last administrator's" },
  },
  run: async ({ caller, params: { id, itemId }, body }) => {
    const result = await answerItem(caller, id, itemId, body);
    if (result.outcome === "rejected" || result.outcome === "not-found") {
      throw answerProblem(result);
    }
    return jsonReply(200, itemOf(result.item));
  },
});

const evidenceEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/evidence`,
  tag: TAG,
  summary: "A review that has ended as CSV; Repr-Digest has its SHA-256 (RFC 9530)",
  access: REVIEW_PERMISSIONS.manage,
  params: z.object({ id: z.string() }),
  responses: {
    200: { description: "text/csv" },
    409: { description: "It can still change" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await readEvidence(caller, id);
    if (result.outcome === "not-found") throw notFound("access review");
    if (result.outcome === "rejected") {
      throw new ProblemError({
        status: 409,
        code: "review_not_ended",
        title: "The review has not ended, so this can still change",
      });
    }
    const digest = Buffer.from(result.sha256, "hex").toString("base64");
    return {
      status: 200,
      headers: {
        "content-type": "text/csv; charset=utf-8; header=present",
        "content-disposition": `attachment; filename="access-review-${result.review.id}.csv"`,
        "repr-digest": `sha-256=:${digest}:`,
        ...PRIVATE,
      },
      body: result.csv,
    };
  },
});

export const ITEM_ENDPOINTS = [listItemsEndpoint, answerEndpoint, evidenceEndpoint];
