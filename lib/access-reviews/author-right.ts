import "server-only";
import type { GrantKey } from "@/lib/access-reviews/grant-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import type { ReviewRow } from "@/lib/access-reviews/review-store";
import { asCaller } from "@/lib/authz/authority";
import { type Beyond, recordBeyond } from "@/lib/authz/record-beyond";
import { findStillAllowed, listGivableOfUser } from "@/lib/authz/still-allowed";
import {
  type Decider,
  listMeasured,
  measureBeyond,
  measureDecided,
  type Subjects,
} from "@/lib/authz/within-author";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/**
 * Against whom or what the right to take a grant away is measured: all that the user or the service
 * account holds, and of a team what the role gives.
 */
const whomOf = ({ userId, clientId, roleId }: GrantKey): string =>
  userId ?? clientId ?? roleId ?? "";

function subjectsOf(grants: GrantKey[]): Subjects {
  const of = (kinds: GrantKey["kind"][]): string[] => [
    ...new Set(grants.filter(({ kind }) => kinds.includes(kind)).map(whomOf)),
  ];
  return {
    userIds: of(["user-role", "team-membership"]),
    clientIds: of(["service-role"]),
    roleIds: of(["team-role"]),
  };
}

/**
 * What a user lacks now to take each of these away: of all that its holder has, and of what is
 * decided by who has it. What they could take away is left out.
 */
export async function measureGrants<T extends GrantKey & Decider>(
  userId: string,
  organizationId: string,
  grants: T[],
  tx: Db,
): Promise<Map<T, string[]>> {
  const { manage } = REVIEW_PERMISSIONS;
  const above = await measureBeyond(userId, manage, organizationId, subjectsOf(grants), tx);
  const decided = await measureDecided(userId, organizationId, grants, tx);
  const beyond = new Map<T, string[]>();
  for (const grant of grants) {
    const missing = [...(above.get(whomOf(grant)) ?? []), ...(decided.get(grant) ?? [])];
    if (missing.length > 0) beyond.set(grant, [...new Set(missing)].sort());
  }
  return beyond;
}

/** The right that the review acts by does not reach this grant, any more. */
export interface BeyondAuthor {
  outcome: "rejected";
  reason: "beyond-author";
  missing: string[];
  decisionId: string;
}

/**
 * Null when whoever started the review could take this grant away now: an active member of the
 * organization from whom `manage_reviews` has not been taken, and who holds everything that its holder
 * does and what is decided by who has it. A reviewer acts by
 * that right and no other, so that it is lost with whoever had it (ATK-42). A refusal is recorded.
 */
export async function checkAuthor(
  caller: Caller,
  { id, authorId, organizationId }: ReviewRow,
  grant: GrantKey & Decider,
  tx: Db,
): Promise<BeyondAuthor | null> {
  const { manage, answer } = REVIEW_PERMISSIONS;
  const [author] = await findStillAllowed(manage, organizationId, [authorId], tx);
  const lapsed = author === undefined;
  const beyond = await measureGrants(authorId, organizationId, [grant], tx);
  const missing = lapsed ? [manage.key] : (beyond.get(grant) ?? []);
  if (missing.length === 0) return null;
  const decisionId = await deny(
    caller,
    {
      reviewId: id,
      reason: `${answer.key}: beyond-author`,
      missing,
      required: lapsed
        ? [{ permissionKey: manage.key, condition: null, organizationId }]
        : await listMeasured(authorId, organizationId, subjectsOf([grant]), [grant], tx),
      // Under a condition that nothing meets, or of who is no active member, it is no right to act by.
      held: lapsed ? [] : await listGivableOfUser(authorId, organizationId, tx),
      byRightOf: authorId,
    },
    tx,
  );
  return { outcome: "rejected", reason: "beyond-author", missing, decisionId };
}

/** Null when the caller holds all that is in the hands of these grants' holders, now. A refusal is recorded. */
export async function measureAll(
  caller: Caller,
  reviewId: string,
  grants: (GrantKey & Decider)[],
  tx: Db,
): Promise<BeyondOwn | null> {
  const { manage } = REVIEW_PERMISSIONS;
  const { userId, organizationId } = caller.principal;
  const target = { type: "access_review", id: reviewId };
  const lost = await checkWithinOwn(asCaller(caller), manage, [], target, tx);
  if (lost !== null) return lost;
  const beyond = await measureGrants(userId, organizationId, grants, tx);
  const missing = [...new Set([...beyond.values()].flat())].sort();
  if (missing.length === 0) return null;
  const decisionId = await deny(
    caller,
    {
      reviewId,
      reason: `${manage.key}: beyond-own-permissions`,
      missing,
      required: await listMeasured(userId, organizationId, subjectsOf(grants), grants, tx),
      held: await listGivableOfUser(userId, organizationId, tx),
    },
    tx,
  );
  return { outcome: "rejected", reason: "beyond-own-permissions", missing, decisionId };
}

interface ReviewDenial
  extends Pick<Beyond, "reason" | "missing" | "required" | "held" | "byRightOf"> {
  reviewId: string;
}

/** Records it, with all that it was measured by. */
const deny = (caller: Caller, { reviewId, ...measured }: ReviewDenial, tx: Db): Promise<string> =>
  recordBeyond(
    caller,
    {
      ...measured,
      permission: REVIEW_PERMISSIONS.manage,
      target: { type: "access_review", id: reviewId },
    },
    tx,
  );
