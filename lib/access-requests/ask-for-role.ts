import "server-only";
import {
  holdMembership,
  insertRequest,
  withdrawRow,
} from "@/lib/access-requests/access-request-store";
import { accessRequestedMail } from "@/lib/access-requests/mails";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { recordChange } from "@/lib/audit/record-event";
import { findOthersHolding, heldRole } from "@/lib/authz/role-holders";
import { findUsableRoles, requiredForRoles, type UsableRole } from "@/lib/authz/usable-roles";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { requireOwnHand, requireUser } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";

/** After that somebody else would decide on a reason of another time. */
const OPEN_SECONDS = days(7);
/** Each is mailed to people who did not ask for it. */
const REQUESTS: Limit = { name: "access-request", pointsMax: 20, windowSeconds: days(1) };

export interface Wish {
  roleId: string;
  reason: string;
  durationSeconds: number;
  /** The refusal that it came from. */
  decisionId: string | null;
}

export type AskResult =
  | { outcome: "asked"; id: string }
  | {
      outcome: "rejected";
      reason: "unknown-role" | "already-held" | "already-asked" | "too-many-requests";
    };

/**
 * Asks for a role of the caller's organization for some time. It gives nothing: somebody else decides.
 * There is one open request a user and role; one that nobody answers in seven days is over.
 */
export async function askForRole(caller: Caller, wish: Wish): Promise<AskResult> {
  const { principal } = caller;
  requireUser(principal);
  // What an app would ask for in somebody's name, it would have by the same token.
  requireOwnHand(principal);
  const { userId, organizationId } = principal;
  if (!isId(wish.roleId)) return { outcome: "rejected", reason: "unknown-role" };
  if (!(await spend(REQUESTS, userId)).allowed) {
    return { outcome: "rejected", reason: "too-many-requests" };
  }
  return inTransaction(async (tx): Promise<AskResult> => {
    // Whoever is no active member any more has no role of the organization to ask for.
    if (!(await holdMembership(userId, organizationId, tx))) {
      return { outcome: "rejected", reason: "unknown-role" };
    }
    const role = (await findUsableRoles([wish.roleId], organizationId, tx))?.[0];
    if (role === undefined) return { outcome: "rejected", reason: "unknown-role" };
    if ((await heldRole(userId, role.id, organizationId, tx)) === "for-good") {
      return { outcome: "rejected", reason: "already-held" };
    }
    const { reason, durationSeconds } = wish;
    const decisionId = wish.decisionId !== null && isId(wish.decisionId) ? wish.decisionId : null;
    const id = newId();
    const asked = { role, reason, durationSeconds, decisionId, openSeconds: OPEN_SECONDS };
    const request = { id, organizationId, userId, ...asked };
    if (!(await inTenant(organizationId, (tenant) => insertRequest(request, tenant), tx))) {
      return { outcome: "rejected", reason: "already-asked" };
    }
    await recordChange(
      caller,
      {
        action: "access.requested",
        target: { type: "access_request", id },
        after: { role: role.name, reason, durationSeconds, decisionId },
      },
      tx,
    );
    await mailApprovers(caller, role, wish, tx);
    return { outcome: "asked", id };
  });
}

async function mailApprovers(
  { principal }: Caller,
  role: UsableRole,
  { reason, durationSeconds: seconds }: Wish,
  tx: Db,
): Promise<void> {
  const { email: user, organizationName: organization, organizationId } = principal;
  const required = await requiredForRoles([role], organizationId, tx);
  const able = await findOthersHolding(ACCESS_PERMISSIONS.approve, required, principal, tx);
  const mail = accessRequestedMail({ user, role: role.name, organization, seconds, reason });
  for (const { email } of able) {
    await enqueueMail("access-requested", email, mail, tx, { sender: { organizationId } });
  }
}

/** Takes one's own request back; false when it is not there, or somebody has answered it. */
export async function withdrawRequest(caller: Caller, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const { organizationId, userId } = caller.principal;
  return inTransaction(async (tx) => {
    const withdrawn = await inTenant(
      organizationId,
      (tenant) => withdrawRow(id, userId, tenant),
      tx,
    );
    if (!withdrawn) return false;
    const target = { type: "access_request", id };
    await recordChange(caller, { action: "access.request_withdrawn", target }, tx);
    return true;
  });
}
