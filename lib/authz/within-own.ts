import "server-only";
import { recordDenial } from "@/lib/audit/record-refusal";
import type { Authority } from "@/lib/authz/authority";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { listActiveHoldings, listHoldings } from "@/lib/authz/holdings-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/** The change reaches beyond what its author holds; the decision's id leads to its audit event. */
export interface BeyondOwn {
  outcome: "rejected";
  reason: "beyond-own-permissions";
  missing: string[];
  decisionId: string;
}

/**
 * Null when the author holds everything in `required` now, and still holds the
 * permission that the change needs: both are read in the transaction that
 * changes, because somebody may just have taken them away (ATK-42, ATK-44).
 * A refusal is recorded.
 */
export async function checkWithinOwn(
  authority: Authority,
  permission: Permission,
  required: Holding[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const held = await listActiveHoldings(authority.caller.principal.userId, tx);
  const holdsPermission = held.some(({ permissionKey }) => permissionKey === permission.key);
  const missing = permissionKeysOf(missingFrom(held, required));
  if (holdsPermission && missing.length === 0) return null;
  const lacking = holdsPermission ? missing : [permission.key];
  const { principal, request } = authority.caller;
  const decisionId = await recordDenial(
    {
      id: newId(),
      actor: { type: "user", id: principal.userId, sessionId: principal.session.id },
      target,
      reason: `${permission.key}: beyond-own-permissions`,
      after: { missing: lacking },
    },
    request,
    tx,
  );
  return { outcome: "rejected", reason: "beyond-own-permissions", missing: lacking, decisionId };
}

/** The same for all that the user holds, in any organization: null when the author is not below them. */
export async function checkNotAbove(
  authority: Authority,
  permission: Permission,
  userId: string,
  tx: Db,
): Promise<BeyondOwn | null> {
  const required = await listHoldings(userId, tx);
  return checkWithinOwn(authority, permission, required, { type: "user", id: userId }, tx);
}

/** What the user holds and the principal lacks: with any of it, the user is not theirs to change. */
export async function listBeyond(principal: Principal, userId: string): Promise<string[]> {
  return inTransaction(async (tx) => {
    const held = await listActiveHoldings(principal.userId, tx);
    return permissionKeysOf(missingFrom(held, await listHoldings(userId, tx)));
  });
}
