import "server-only";
import type { ItemAnswer } from "@/lib/access-reviews/access-review.schema";
import { type BeyondAuthor, checkAuthor } from "@/lib/access-reviews/author-right";
import { closeDueReviews } from "@/lib/access-reviews/close-due-reviews";
import { recordEnding } from "@/lib/access-reviews/end-item";
import { deleteGrant, isGrantThere, listPeopleWithin } from "@/lib/access-reviews/grant-store";
import {
  answerItemRow,
  findItemRow,
  holdAnswerable,
  type ItemRow,
} from "@/lib/access-reviews/item-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { findReviewRow, type ReviewRow } from "@/lib/access-reviews/review-store";
import { actorOfPrincipal, recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type Answer =
  | { outcome: "kept" | "revoked" | "gone"; item: ItemRow }
  | { outcome: "not-found" }
  /** The review takes no answers any more. */
  | { outcome: "rejected"; reason: "over" }
  /** Something has come of it: what was taken away is given again, and not here. */
  | { outcome: "rejected"; reason: "ended"; item: ItemRow }
  /** The reviewer has come to have it themselves. */
  | { outcome: "rejected"; reason: "own-grant" }
  | BeyondAuthor
  | BeyondOwn
  | GuardRejection;

/**
 * Keeps a grant, or takes it away at once, by the right of whoever started the review as it is
 * now. Only the reviewer who is asked answers, with a fresh proof, until the review is due or closed.
 */
export async function answerItem(
  caller: Caller,
  reviewId: string,
  itemId: string,
  answer: ItemAnswer,
): Promise<Answer> {
  await authorize(caller, REVIEW_PERMISSIONS.answer);
  requireAssurance(caller.principal, SENSITIVE);
  if (!isId(reviewId) || !isId(itemId)) return { outcome: "not-found" };
  await closeDueReviews(caller.principal.organizationId);
  const work = async (tx: Db): Promise<Answer> => {
    const { userId, organizationId } = caller.principal;
    const { review, item } = await inTenant(
      organizationId,
      async (tenant) => ({
        review: await findReviewRow(reviewId, organizationId, { db: tenant }),
        item: await holdAnswerable(reviewId, itemId, userId, tenant),
      }),
      tx,
    );
    if (review === null) return { outcome: "not-found" };
    if (item === null) return whyNot(review, itemId, userId, tx);
    const { answer: permission } = REVIEW_PERMISSIONS;
    const target = { type: "access_review", id: reviewId };
    const lost = await checkWithinOwn(asCaller(caller), permission, [], target, tx);
    if (lost !== null) return lost;
    if (await isOwn(item, caller, tx)) return { outcome: "rejected", reason: "own-grant" };
    return answer.decision === "keep"
      ? keep(caller, review, item, answer, tx)
      : revoke(caller, review, item, answer, tx);
  };
  // Own grants are never among what is taken away, so nobody loses anything by what they answer.
  return answer.decision === "keep"
    ? inTransaction(work)
    : inGuardedChange(asCaller(caller), true, work);
}

async function isOwn({ kind, userId, teamId }: ItemRow, { principal }: Caller, tx: Db) {
  if (userId === principal.userId) return true;
  if (kind !== "team-role" || teamId === null) return false;
  const people = await inTenant(
    principal.organizationId,
    (tenant) => listPeopleWithin([teamId], tenant),
    tx,
  );
  return people.some((person) => person.userId === principal.userId);
}

async function whyNot(
  review: ReviewRow,
  itemId: string,
  reviewerId: string,
  tx: Db,
): Promise<Answer> {
  const item = await inTenant(
    review.organizationId,
    (tenant) => findItemRow(review.id, itemId, { reviewerId, db: tenant }),
    tx,
  );
  if (item === null) return { outcome: "not-found" };
  return item.outcome === null || review.state !== "open"
    ? { outcome: "rejected", reason: "over" }
    : { outcome: "rejected", reason: "ended", item };
}

async function keep(
  caller: Caller,
  { id: reviewId, organizationId }: ReviewRow,
  item: ItemRow,
  answer: ItemAnswer,
  tx: Db,
): Promise<Answer> {
  if (!(await isGrantThere(item, organizationId, tx))) {
    return answered(caller, item, answer, "gone", tx);
  }
  await recordChange(
    caller,
    {
      action: "review.item_kept",
      target: { type: "access_review", id: reviewId },
      before: { decision: item.decision },
      after: { item: item.id, holder: item.subject, grant: item.grantName, note: answer.note },
    },
    tx,
  );
  return answered(caller, item, answer, "kept", tx);
}

async function revoke(
  caller: Caller,
  review: ReviewRow,
  item: ItemRow,
  answer: ItemAnswer,
  tx: Db,
): Promise<Answer> {
  const beyond = await checkAuthor(caller, review, item, tx);
  if (beyond !== null) return beyond;
  if (!(await deleteGrant(item, review.organizationId, tx))) {
    return answered(caller, item, answer, "gone", tx);
  }
  const actor = actorOfPrincipal(caller.principal);
  await recordEnding(review.id, item, "revoked", actor, caller.request, tx);
  return answered(caller, item, answer, "revoked", tx);
}

async function answered(
  { principal }: Caller,
  { id }: ItemRow,
  answer: ItemAnswer,
  outcome: "kept" | "revoked" | "gone",
  tx: Db,
): Promise<Answer> {
  const by = { byId: principal.userId, byName: principal.email };
  // What is kept can be answered anew until the review closes.
  const ended = outcome === "kept" ? null : outcome;
  const item = await inTenant(
    principal.organizationId,
    (tenant) => answerItemRow(id, { ...answer, ...by }, ended, tenant),
    tx,
  );
  return { outcome, item };
}
