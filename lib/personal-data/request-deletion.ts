import "server-only";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { endAccess } from "@/lib/authn/end-access";
import { asCaller } from "@/lib/authz/authority";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { findObstacle } from "@/lib/memberships/end-membership";
import { listOwnOrganizations, type OwnOrganization } from "@/lib/organizations/find-organizations";
import { deletionRequestedMail } from "@/lib/personal-data/deletion-mails";
import {
  findPendingDeletion,
  insertDeletion,
  lockForDeletion,
  type PendingDeletion,
} from "@/lib/personal-data/deletion-store";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { endEmailChange } from "@/lib/users/email-address";

/** How long somebody can think better of it. */
export const GRACE_DAYS = 14;

export type { PendingDeletion };

export type DeletionRequest =
  | { outcome: "requested"; dueAt: Date }
  /** What was typed is not the caller's address. */
  | { outcome: "rejected"; reason: "not-confirmed" }
  | { outcome: "rejected"; reason: "signed-out" }
  /** Nobody else could invite people into these or take them out. */
  | { outcome: "rejected"; reason: "hand-over"; organizations: OwnOrganization[] }
  | GuardRejection;

/** The caller's own account, while it is to be erased. */
export const findOwnDeletion = ({ principal }: Caller): Promise<PendingDeletion | null> =>
  findPendingDeletion(principal.userId);

/** The caller's organizations that nobody could manage without them. They hand these over first (F109). */
export const listOwnToHandOver = (caller: Caller): Promise<OwnOrganization[]> =>
  inTransaction((tx) => listToHandOver(caller, tx));

async function listToHandOver(caller: Caller, tx: Db): Promise<OwnOrganization[]> {
  const alone: OwnOrganization[] = [];
  for (const organization of await listOwnOrganizations(caller, tx)) {
    const { userId } = caller.principal;
    const obstacle = await findObstacle(userId, organization.id, tx);
    if (obstacle?.reason === "last-administrator") alone.push(organization);
  }
  return alone;
}

/**
 * Has the caller's own account erased after {@link GRACE_DAYS} days. From now on they are signed out
 * everywhere, nothing acts for them, and nobody counts on them to administer anything; all that is
 * theirs stays as it is, for they can keep the account until then (F109).
 */
export async function requestDeletion(
  caller: Caller,
  typedEmail: string,
): Promise<DeletionRequest> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  if (typedEmail !== principal.email) return { outcome: "rejected", reason: "not-confirmed" };
  // What they lose is theirs to lose, and asked for.
  return inGuardedChange(asCaller(caller), true, async (tx): Promise<DeletionRequest> => {
    const locked = await lockForDeletion(principal.userId, tx);
    if (locked === null || !(await holdSession(caller, tx))) {
      return { outcome: "rejected", reason: "signed-out" };
    }
    const organizations = await listToHandOver(caller, tx);
    if (organizations.length > 0) {
      return { outcome: "rejected", reason: "hand-over", organizations };
    }
    const dueAt = await beginDeletion(caller, locked.email, tx);
    return { outcome: "requested", dueAt: dueAt ?? locked.deletionDueAt ?? new Date() };
  });
}

/** In the transaction that has locked the user; null where it is asked for already. */
async function beginDeletion(caller: Caller, email: string, tx: Db): Promise<Date | null> {
  const { userId } = caller.principal;
  const secret = newSecret();
  const dueAt = await insertDeletion(
    {
      id: newId(),
      userId,
      requestedById: userId,
      graceSeconds: days(GRACE_DAYS),
      undoTokenHash: hashSecret(secret),
    },
    tx,
  );
  if (dueAt === null) return null;
  const actor = actorOfPrincipal(caller.principal);
  await endEmailChange(userId, tx);
  await endAccess(userId, "deletion_requested", actor, caller.request, tx);
  await recordEvent(
    {
      action: "user.deletion_requested",
      outcome: "success",
      actor,
      target: { type: "user", id: userId },
      after: { dueAt: dueAt.toISOString() },
    },
    caller.request,
    tx,
  );
  await enqueueMail("deletion-requested", email, deletionRequestedMail(dueAt, secret), tx);
  return dueAt;
}
