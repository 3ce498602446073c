import "server-only";
import { z } from "zod";
import type { ItemListing, ReviewListing } from "@/lib/access-reviews/access-review.schema";
import { closeDueReviews } from "@/lib/access-reviews/close-due-reviews";
import {
  countByStatus,
  type ItemRow,
  listItemRows,
  listProgress,
  type Progress,
} from "@/lib/access-reviews/item-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import {
  findReviewRow,
  listMemberRows,
  listReviewRows,
  type ReviewRow,
} from "@/lib/access-reviews/review-store";
import { authorize } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { listRoleChoices } from "@/lib/authz/usable-roles";
import { listHolders } from "@/lib/authz/within-author";
import { inTenant, type TenantDb } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { isId } from "@/lib/shared/id.schema";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

export type ReviewItem = ItemRow;

export interface Review extends ReviewRow {
  /** Each reviewer's; to a reviewer who manages none, their own alone. */
  progress: Progress[];
}

type Unknown = { outcome: "rejected"; reason: "unknown-cursor" };
type Cursors = { nextCursor: string | null; previousCursor: string | null };
export type ReviewPage = ({ outcome: "listed"; reviews: Review[] } & Cursors) | Unknown;
export type ItemPage =
  | ({
      outcome: "listed";
      items: ReviewItem[];
      counts: Awaited<ReturnType<typeof countByStatus>>;
    } & Cursors)
  | { outcome: "not-found" }
  | Unknown;

const WALK = z.enum(["next", "previous"]);
const ReviewPlace = z.strictObject({ walk: WALK, at: CursorTime, id: z.uuid() });
const ItemPlace = z.strictObject({ walk: WALK, position: z.int().min(0).max(1_000_000) });

/** Whose items the caller sees: everybody's who manages reviews, and otherwise their own. */
const visibleTo = async (caller: Caller): Promise<string | undefined> =>
  (await can(caller, REVIEW_PERMISSIONS.manage)) ? undefined : caller.principal.userId;

async function withProgress(
  reviews: ReviewRow[],
  reviewerId: string | undefined,
  tenant: TenantDb,
): Promise<Review[]> {
  const ids = reviews.map(({ id }) => id);
  const rows = await listProgress(ids, tenant);
  const visible = rows.filter((row) => reviewerId === undefined || row.reviewerId === reviewerId);
  const byReview = Map.groupBy(visible, ({ reviewId }) => reviewId);
  return reviews.map((review): Review => ({ ...review, progress: byReview.get(review.id) ?? [] }));
}

/** Reviews of the caller's organization, newest first: all of them, or those in which they are asked. */
export async function listReviews(
  caller: Caller,
  { state }: ReviewListing,
  { cursor, limit }: PageRequest,
): Promise<ReviewPage> {
  await authorize(caller, REVIEW_PERMISSIONS.answer);
  const { organizationId } = caller.principal;
  await closeDueReviews(organizationId);
  const place = cursor === undefined ? null : decodeCursor(cursor, ReviewPlace);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const reviewerId = await visibleTo(caller);
  const { reviews, next, previous } = await inTenant(organizationId, async (tenant) => {
    const wanted = { state, reviewerId };
    const rows = await listReviewRows(organizationId, wanted, place, limit + 1, tenant);
    const { items, ...around } = keysetPage(rows, limit, place?.walk ?? null);
    return { ...around, reviews: await withProgress(items, reviewerId, tenant) };
  });
  const cursorAt = (row: ReviewRow | null, walk: Walk) =>
    row && encodeCursor({ walk, at: row.createdAt.toISOString(), id: row.id });
  return {
    outcome: "listed",
    reviews,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** One review, or null when the organization has none such, or it asks the caller nothing (ATK-43). */
export async function findReview(caller: Caller, id: string): Promise<Review | null> {
  await authorize(caller, REVIEW_PERMISSIONS.answer);
  if (!isId(id)) return null;
  const { organizationId } = caller.principal;
  await closeDueReviews(organizationId);
  const reviewerId = await visibleTo(caller);
  return inTenant(organizationId, async (tenant) => {
    const row = await findReviewRow(id, organizationId, { db: tenant });
    if (row === null) return null;
    const [review] = await withProgress([row], reviewerId, tenant);
    const asked = review !== undefined && review.progress.length > 0;
    return reviewerId === undefined || asked ? (review ?? null) : null;
  });
}

/** One page of what a review asks; with `own`, or for whoever manages no reviews, what it asks them. */
export async function listItems(
  caller: Caller,
  reviewId: string,
  listing: ItemListing,
  { cursor, limit, own = false }: PageRequest & { own?: boolean },
): Promise<ItemPage> {
  if ((await findReview(caller, reviewId)) === null) return { outcome: "not-found" };
  const place = cursor === undefined ? null : decodeCursor(cursor, ItemPlace);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const reviewerId = own ? caller.principal.userId : await visibleTo(caller);
  const { rows, counts } = await inTenant(caller.principal.organizationId, async (tenant) => ({
    rows: await listItemRows(reviewId, reviewerId, listing, place, limit + 1, tenant),
    counts: await countByStatus(reviewId, reviewerId, tenant),
  }));
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: ItemRow | null, walk: Walk) =>
    row && encodeCursor({ walk, position: row.position });
  return {
    outcome: "listed",
    items,
    counts,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** Whom a review can ask, and which roles it can ask about. */
export async function listReviewChoices(caller: Caller) {
  await authorize(caller, REVIEW_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  const [reviewers, roles] = await Promise.all([
    listHolders(REVIEW_PERMISSIONS.answer, organizationId),
    listRoleChoices(organizationId),
  ]);
  return { reviewers, roles };
}

/** The members with these addresses, and the addresses that no member has. */
export async function findMembers(
  caller: Caller,
  emails: string[],
): Promise<{ userIds: string[]; unknown: string[] }> {
  await authorize(caller, REVIEW_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  const rows = await inTenant(organizationId, (tenant) =>
    listMemberRows(emails, organizationId, tenant),
  );
  const known = new Set(rows.map(({ email }) => email));
  return {
    userIds: rows.map(({ id }) => id),
    unknown: emails.filter((email) => !known.has(email)),
  };
}
