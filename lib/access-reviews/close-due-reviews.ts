import "server-only";
import type { Outcome } from "@/lib/access-reviews/access-review.schema";
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
import { inPlace, inTenant } from "@/lib/platform/db/tenant";
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
  if (!(await inPlace(organizationId, (place) => isSomethingDue(organizationId, place)))) return 0;
  const request = ownRequest();
  await inTransaction(async (tx) => {
    const due = await inPlace(
      organizationId,
      (place) => claimDueReviews(organizationId, place),
      tx,
    );
    for (const { id } of due) {
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
  for (const review of await inPlace(organizationId, (place) =>
    listClosing(organizationId, place),
  )) {
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
    const batch = await endNext(review, BATCH_SIZE, request);
    if (batch.outcome === "ended" && batch.count === 0) break;
    if (batch.outcome === "ended") continue;
    // One of these may not go: which one, is found by taking them one by one.
    for (let taken = 0; taken < BATCH_SIZE; taken += 1) {
      const single = await endNext(review, 1, request);
      if (single.outcome === "last-administrator") await keepItem(review, single.first, request);
      else if (single.count === 0) break;
    }
  }
  return inTransaction(async (tx) => {
    const ended = await inTenant(
      review.organizationId,
      async (tenant) => {
        const hash = hashOf(evidenceCsv(await listEveryItem(review.id, tenant)));
        if (!(await finishReview(review.id, hash, tenant))) return null;
        return { ...(await countByStatus(review.id, undefined, tenant)), sha256: hash };
      },
      tx,
    );
    if (ended === null) return false;
    await recordEvent(
      {
        action: "review.closed",
        outcome: "success",
        actor: actorOf(review),
        target: { type: "access_review", id: review.id },
        after: ended,
      },
      request,
      tx,
    );
    return true;
  });
}

type Ended =
  | { outcome: "ended"; count: number }
  /** None of them was, because nobody would be left who holds every permission. */
  | { outcome: "last-administrator"; first: ItemRow };

async function endNext(
  review: ClosingRow,
  countMax: number,
  request: RequestFacts,
): Promise<Ended> {
  let first: ItemRow | undefined;
  const result = await inGuardedChange({ kind: "operator", request }, true, async (tx) => {
    const items = await inTenant(
      review.organizationId,
      (tenant) => listUnended(review.id, countMax, tenant),
      tx,
    );
    first = items[0];
    for (const item of items) await endItem(review, item, request, tx);
    return { outcome: "ended", count: items.length } as const;
  });
  if (result.outcome === "ended") return result;
  if (first === undefined) throw new Error("nothing was taken away, and that was too much");
  return { outcome: "last-administrator", first };
}

const noteEnd = (
  { organizationId }: ClosingRow,
  { id }: ItemRow,
  outcome: Outcome,
  tx: Db,
): Promise<boolean> => inTenant(organizationId, (tenant) => endItemRow(id, outcome, tenant), tx);

async function endItem(review: ClosingRow, item: ItemRow, request: RequestFacts, tx: Db) {
  const end = (outcome: Outcome) => noteEnd(review, item, outcome, tx);
  if (item.decision === "keep") {
    const there = await isGrantThere(item, review.organizationId, tx);
    await end(there ? "kept" : "gone");
    return;
  }
  if (!(await deleteGrant(item, review.organizationId, tx))) {
    await end("gone");
    return;
  }
  await end("revoked-unanswered");
  await recordEnding(review.id, item, "revoked-unanswered", actorOf(review), request, tx);
}

/** This one stays, because without it nobody would be left who holds every permission. */
async function keepItem(review: ClosingRow, item: ItemRow, request: RequestFacts): Promise<void> {
  await inTransaction(async (tx) => {
    // Another instance may have been there first.
    if (!(await noteEnd(review, item, "kept-last-administrator", tx))) return;
    await recordEnding(review.id, item, "kept-last-administrator", actorOf(review), request, tx);
  });
}
