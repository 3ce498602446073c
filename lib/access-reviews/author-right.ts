import "server-only";
import type { GrantKey } from "@/lib/access-reviews/grant-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import type { ReviewRow } from "@/lib/access-reviews/review-store";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { asCaller } from "@/lib/authz/authority";
import {
  type Decider,
  findHolders,
  measureBeyond,
  measureDecided,
  type Subjects,
} from "@/lib/authz/within-author";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
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
 * organization who holds `manage_reviews` outright, everything that its holder does, and what is
 * decided by who has it. A reviewer acts by
 * that right and no other, so that it is lost with whoever had it (ATK-42). A refusal is recorded.
 */
export async function checkAuthor(
  caller: Caller,
  { id, authorId, organizationId }: ReviewRow,
  grant: GrantKey & Decider,
  tx: Db,
): Promise<BeyondAuthor | null> {
  const { manage } = REVIEW_PERMISSIONS;
  const beyond = await measureGrants(authorId, organizationId, [grant], tx);
  const [author] = await findHolders(manage, organizationId, [authorId], tx);
  const missing = author !== undefined ? (beyond.get(grant) ?? []) : [manage.key];
  if (missing.length === 0) return null;
  const reason = `${REVIEW_PERMISSIONS.answer.key}: beyond-author`;
  const decisionId = await deny(caller, id, reason, missing, tx);
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
  const reason = `${manage.key}: beyond-own-permissions`;
  const decisionId = await deny(caller, reviewId, reason, missing, tx);
  return { outcome: "rejected", reason: "beyond-own-permissions", missing, decisionId };
}

const deny = (
  { principal, request }: Caller,
  reviewId: string,
  reason: string,
  missing: string[],
  tx: Db,
): Promise<string> =>
  recordDenial(
    {
      id: newId(),
      actor: actorOfPrincipal(principal),
      target: { type: "access_review", id: reviewId },
      reason,
      after: { missing },
    },
    request,
    tx,
  );
