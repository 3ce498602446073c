import "server-only";
import { recordEnding } from "@/lib/access-reviews/end-item";
import { evidenceCsv, hashOf } from "@/lib/access-reviews/evidence-csv";
import { deleteGrant, isGrantThere } from "@/lib/access-reviews/grant-store";
import {
  countByStatus,
  endItemRow,
  type ItemRow,
  listEveryItem,
  listUnended,
} from "@/lib/access-reviews/item-store";
import {
  type ClosingRow,
  claimDueReviews,
  finishReview,
  isSomethingDue,
  listClosing,
} from "@/lib/access-reviews/review-store";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import { inGuardedChange } from "@/lib/authz/guarded-change";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";

/** Items that are ended in one transaction: others who change roles wait for no longer than that. */
const BATCH_SIZE = 100;

/**
 * Closes every review that is due, and finishes those whose closing was broken off: what nobody
 * has answered is taken away. The job does it, and whatever touches a review of the organization
 * does it before, so that no answer, page or evidence is of a review that is overdue. Many at once
 * do no harm. Returns how many were closed here.
 */
export async function closeDueReviews(organizationId: string | null): Promise<number> {
  if (!(await isSomethingDue(organizationId))) return 0;
  const request = ownRequest();
  await inTransaction(async (tx) => {
    for (const { id } of await claimDueReviews(organizationId, tx)) {
      await recordEvent(
        {
          action: "review.closing",
          outcome: "success",
          actor: { type: "system" },
          target: { type: "access_review", id },
          reason: "due",
        },
        request,
        tx,
      );
    }
  });
  let count = 0;
  for (const review of await listClosing(organizationId)) {
    if (await finishClosing(review, request)) count += 1;
  }
  return count;
}

function ownRequest(): RequestFacts {
  const id = newId();
  return { requestId: id, decisionId: id, ip: null, userAgent: null };
}

/** By whose word it closes: somebody's, or its date's. */
const actorOf = ({ closedById }: ClosingRow): AuditEventInput["actor"] =>
  closedById === null ? { type: "system" } : { type: "user", id: closedById };

/**
 * Ends what is left of a review that takes no answers any more. The right to do so was established
 * before: for a date when the review was started, for a person when they closed it. Each batch
 * stands for itself, so that a crash loses nothing; true for who wrote the end.
 */
export async function finishClosing(review: ClosingRow, request: RequestFacts): Promise<boolean> {
  for (;;) {
    let ended = await endNext(review, BATCH_SIZE, request);
    if (ended === "last-administrator") {
      // One of these may not go: which one, is found by taking them one by one.
      for (let item = 0; item < BATCH_SIZE; item += 1) {
        ended = await endNext(review, 1, request);
        if (ended === "last-administrator") await keepNext(review, request);
        if (ended === 0) break;
      }
    }
    if (ended === 0) break;
  }
  return inTransaction(async (tx) => {
    const hash = hashOf(evidenceCsv(await listEveryItem(review.id, tx)));
    if (!(await finishReview(review.id, hash, tx))) return false;
    await recordEvent(
      {
        action: "review.closed",
        outcome: "success",
        actor: actorOf(review),
        target: { type: "access_review", id: review.id },
        after: { ...(await countByStatus(review.id, undefined, tx)), sha256: hash },
      },
      request,
      tx,
    );
    return true;
  });
}

/** How many of the next items were ended; none of them where an administrator would be missing. */
async function endNext(
  review: ClosingRow,
  countMax: number,
  request: RequestFacts,
): Promise<number | "last-administrator"> {
  const result = await inGuardedChange({ kind: "operator", request }, true, async (tx) => {
    const items = await listUnended(review.id, countMax, tx);
    for (const item of items) await endItem(review, item, request, tx);
    return items.length;
  });
  return typeof result === "number" ? result : "last-administrator";
}

async function endItem(review: ClosingRow, item: ItemRow, request: RequestFacts, tx: Db) {
  if (item.decision === "keep") {
    const there = await isGrantThere(item, review.organizationId, tx);
    await endItemRow(item.id, there ? "kept" : "gone", tx);
    return;
  }
  if (!(await deleteGrant(item, review.organizationId, tx))) {
    await endItemRow(item.id, "gone", tx);
    return;
  }
  await endItemRow(item.id, "revoked-unanswered", tx);
  await recordEnding(review.id, item, "revoked-unanswered", actorOf(review), request, tx);
}

/** The next item stays, because without it nobody would be left who holds every permission. */
async function keepNext(review: ClosingRow, request: RequestFacts): Promise<void> {
  await inTransaction(async (tx) => {
    const [item] = await listUnended(review.id, 1, tx);
    if (item === undefined || !(await endItemRow(item.id, "kept-last-administrator", tx))) return;
    await recordEnding(review.id, item, "kept-last-administrator", actorOf(review), request, tx);
  });
}
