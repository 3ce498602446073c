import "server-only";
import type { NewReview } from "@/lib/access-reviews/access-review.schema";
import { assignReviewers } from "@/lib/access-reviews/assign-reviewers";
import { measureGrants } from "@/lib/access-reviews/author-right";
import { type Grant, listGrants, listPeopleWithin } from "@/lib/access-reviews/grant-store";
import { insertItems, listUnanswering } from "@/lib/access-reviews/item-store";
import { reviewStartedMail } from "@/lib/access-reviews/mails";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { insertReview } from "@/lib/access-reviews/review-store";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { findStillAllowed } from "@/lib/authz/still-allowed";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { Caller } from "@/lib/shared/caller";

/** A longer review is several: nobody answers more, and it has to be ended in reasonable time. */
export const ITEMS_MAX = 5_000;
export const DAYS_MAX = 366;

export type ReviewStart =
  | { outcome: "started"; id: string; items: number; leftOut: number }
  | {
      outcome: "rejected";
      reason: "unknown-role" | "due-date" | "nothing-to-review" | "too-many-items";
    }
  /** These are no active members who may answer reviews. */
  | { outcome: "rejected"; reason: "not-a-reviewer"; ids: string[] }
  /** Nobody but the reviewers themselves has these: somebody else has to be asked. */
  | { outcome: "rejected"; reason: "own-grants"; subjects: string[] }
  | BeyondOwn;

/**
 * Asks the reviewers about every grant in scope as it is now (F116), within what the author holds:
 * a grant of somebody above them is left out, and counted (ATK-42). Nobody is asked about their own.
 */
export async function startReview(caller: Caller, input: NewReview): Promise<ReviewStart> {
  await authorize(caller, REVIEW_PERMISSIONS.manage);
  return inTransaction((tx) => start(caller, input, tx));
}

async function start(caller: Caller, input: NewReview, tx: Db): Promise<ReviewStart> {
  const { organizationId, userId, email } = caller.principal;
  const lost = await checkWithinOwn(
    asCaller(caller),
    REVIEW_PERMISSIONS.manage,
    [],
    { type: "organization", id: organizationId },
    tx,
  );
  if (lost !== null) return lost;
  const { scope } = input;
  if ((await findUsableRoles(scope.roleIds, organizationId, tx)) === null) {
    return { outcome: "rejected", reason: "unknown-role" };
  }
  const able = new Map(
    (await findStillAllowed(REVIEW_PERMISSIONS.answer, organizationId, input.reviewerIds, tx)).map(
      (one) => [one.id, one],
    ),
  );
  const unable = input.reviewerIds.filter((id) => !able.has(id));
  if (unable.length > 0) return { outcome: "rejected", reason: "not-a-reviewer", ids: unable };

  const found = await inTenant(
    organizationId,
    (tenant) => listGrants(scope, organizationId, ITEMS_MAX + 1, tenant),
    tx,
  );
  if (found.length > ITEMS_MAX) return { outcome: "rejected", reason: "too-many-items" };
  const grants = await withinReach(found, userId, organizationId, tx);
  if (grants.length === 0) return { outcome: "rejected", reason: "nothing-to-review" };
  const reviewers = input.reviewerIds.flatMap((id) => {
    const reviewer = able.get(id);
    return reviewer === undefined ? [] : [{ id, name: reviewer.email }];
  });
  const assigned = assignReviewers(grants, reviewers, await peopleOf(grants, organizationId, tx));
  if (assigned.outcome === "rejected") return assigned;

  const id = newId();
  const leftOut = found.length - grants.length;
  const { name, note, dueAt } = input;
  const author = { authorId: userId, authorName: email };
  const review = { id, organizationId, name, note, scope, ...author, leftOut, dueAt };
  const items = assigned.items.map((item) => ({ ...item, id: newId() }));
  const unanswering = await inTenant(
    organizationId,
    async (tenant) => {
      if (!(await insertReview(review, DAYS_MAX, tenant))) return null;
      await insertItems(id, organizationId, items, tenant);
      return listUnanswering(id, tenant);
    },
    tx,
  );
  if (unanswering === null) return { outcome: "rejected", reason: "due-date" };
  await recordChange(
    caller,
    {
      action: "review.started",
      target: { type: "access_review", id },
      after: {
        name,
        items: items.length,
        leftOut,
        dueAt: dueAt.toISOString(),
        reviewers: reviewers.map((reviewer) => reviewer.name).sort(),
        scope: { ...scope },
      },
    },
    tx,
  );
  for (const { email: recipient, count } of unanswering) {
    const mail = reviewStartedMail({ id, name, dueAt, count });
    await enqueueMail("access-review-started", recipient, mail, tx, { sender: { organizationId } });
  }
  return { outcome: "started", id, items: items.length, leftOut };
}

/** Those that the author could take away themselves. */
async function withinReach(
  grants: Grant[],
  authorId: string,
  organizationId: string,
  tx: Db,
): Promise<Grant[]> {
  const beyond = await measureGrants(authorId, organizationId, grants, tx);
  return grants.filter((grant) => !beyond.has(grant));
}

async function peopleOf(
  grants: Grant[],
  organizationId: string,
  tx: Db,
): Promise<Map<string, Set<string>>> {
  const teamIds = grants.flatMap(({ kind, teamId }) =>
    kind === "team-role" && teamId !== null ? [teamId] : [],
  );
  const within = new Map<string, Set<string>>();
  const people = await inTenant(
    organizationId,
    (tenant) => listPeopleWithin([...new Set(teamIds)], tenant),
    tx,
  );
  for (const { teamId, userId } of people) {
    within.set(teamId, (within.get(teamId) ?? new Set()).add(userId));
  }
  return within;
}
