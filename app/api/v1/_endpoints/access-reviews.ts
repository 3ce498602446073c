import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unknownCursor } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { ITEM_ENDPOINTS } from "@/app/api/v1/_endpoints/access-review-items";
import { endingProblem, startProblem } from "@/app/api/v1/_endpoints/access-review-problems";
import {
  NewReview,
  ReviewListing,
  ReviewScope,
  ReviewState,
} from "@/lib/access-reviews/access-review.schema";
import { cancelReview, closeReview } from "@/lib/access-reviews/close-review";
import { findReview, listReviews, type Review } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { startReview } from "@/lib/access-reviews/start-review";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/access-reviews";
const TAG = "Access reviews";

const Params = z.object({ id: z.string() });

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  note: z.string(),
  state: ReviewState,
  scope: ReviewScope,
  authorId: z.uuid(),
  leftOut: z
    .int()
    .describe("Grants in scope beyond what the author held; they are not asked about."),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  closedById: z
    .uuid()
    .nullable()
    .describe("Null while open, and when it closed because it was due."),
  evidenceSha256: z.string().nullable(),
  progress: z
    .array(z.object({ reviewerId: z.uuid(), all: z.int(), done: z.int() }))
    .describe("Of each reviewer; only the caller's own without manage_reviews."),
});

const resourceOf = (review: Review): z.infer<typeof Resource> => ({
  id: review.id,
  name: review.name,
  note: review.note,
  state: review.state,
  scope: review.scope,
  authorId: review.authorId,
  leftOut: review.leftOut,
  dueAt: review.dueAt.toISOString(),
  createdAt: review.createdAt.toISOString(),
  closedAt: review.closedAt?.toISOString() ?? null,
  closedById: review.closedById,
  evidenceSha256: review.evidenceHash,
  progress: review.progress.map(({ reviewerId, all, done }) => ({ reviewerId, all, done })),
});

const listEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: TAG,
  summary: "Reviews, newest first: those that ask the caller, and with manage_reviews all",
  access: REVIEW_PERMISSIONS.answer,
  query: ReviewListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of reviews", schema: pageOf(Resource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await listReviews(caller, listing, { limit, cursor });
    if (result.outcome === "rejected") throw unknownCursor();
    const { reviews, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: reviews.map(resourceOf), nextCursor, previousCursor });
  },
});

const startEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: TAG,
  summary: "Ask reviewers who keeps what; what nobody answers by the date is revoked",
  access: REVIEW_PERMISSIONS.manage,
  body: NewReview,
  responses: {
    201: {
      description: "The review has begun, with an item for each grant",
      schema: z.object({ id: z.uuid(), items: z.int(), leftOut: z.int() }),
    },
    409: { description: "There is nothing to ask, or nobody but those concerned to be asked" },
  },
  run: async ({ caller, body }) => {
    const result = await startReview(caller, body);
    if (result.outcome === "rejected") throw startProblem(result);
    const { id, items, leftOut } = result;
    return jsonReply(201, { id, items, leftOut }, { location: `${PATH}/${id}` });
  },
});

const getEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: "One review",
  access: REVIEW_PERMISSIONS.answer,
  params: Params,
  responses: { 200: { description: "The review", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const review = await findReview(caller, id);
    if (review === null) throw notFound("access review");
    return jsonReply(200, resourceOf(review));
  },
});

const closeEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/close`,
  tag: TAG,
  summary: "Close a review before it is due: what nobody has answered is revoked",
  access: REVIEW_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({
    confirm: z.boolean().default(false).describe("Goes on although grants without an answer end."),
  }),
  responses: {
    204: { description: "It is closed" },
    403: {
      description: "A grant without an answer is of somebody who holds what the caller lacks",
    },
    409: { description: "It has ended, or is unconfirmed" },
  },
  run: async ({ caller, params: { id }, body: { confirm } }) => {
    const result = await closeReview(caller, id, { confirmed: confirm });
    if (result.outcome === "rejected" || result.outcome === "not-found") {
      throw endingProblem(result);
    }
    return emptyReply();
  },
});

const cancelEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/cancel`,
  tag: TAG,
  summary: "Call a review off: nothing more is revoked by it",
  access: REVIEW_PERMISSIONS.manage,
  params: Params,
  responses: {
    204: { description: "It is cancelled" },
    403: { description: "Its author holds what the caller lacks" },
    409: { description: "It has ended" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await cancelReview(caller, id);
    if (result.outcome === "rejected" || result.outcome === "not-found") {
      throw endingProblem(result);
    }
    return emptyReply();
  },
});

export const ACCESS_REVIEW_ENDPOINTS = [
  listEndpoint,
  startEndpoint,
  getEndpoint,
  closeEndpoint,
  cancelEndpoint,
  ...ITEM_ENDPOINTS,
];
