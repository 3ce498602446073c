import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { findRules, saveRules, type VersionedRules } from "@/lib/organizations/sign-in-rules-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Caller } from "@/lib/shared/caller";

/** What an organization asks of a sign-in, for the flow itself. */
export const findSignInRules = async (organizationId: string, db?: Db): Promise<SignInRules> =>
  (await findRules(organizationId, db)).rules;

/** The same for whoever may change it. */
export async function readSignInRules(caller: Caller): Promise<VersionedRules> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  return findRules(caller.principal.organizationId);
}

export type RulesChange =
  | { outcome: "changed" }
  /** Somebody else saved meanwhile. */
  | { outcome: "rejected"; reason: "stale" }
  /**
   * The author would be asked for a second factor that they do not have, or is where the
   * organization would not be used from: confirmed first (ATK-44).
   */
  | { outcome: "rejected"; reason: "locks-author-out"; by: "second-factor" | "network" };

export interface RulesTerms {
  expectedVersion: number;
  /** The author goes and sets up a second factor. */
  confirmed: boolean;
  /** The author goes to another network. */
  networkConfirmed?: boolean;
}

/** Changes the rules of the caller's organization; they bite on everybody's next request (F20). */
export async function changeSignInRules(
  caller: Caller,
  rules: SignInRules,
  { expectedVersion, confirmed, networkConfirmed = false }: RulesTerms,
): Promise<RulesChange> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  const { organizationId, secondFactorEnrolled } = caller.principal;
  const asksMore = rules.mfaRequired || rules.adminMfaRequired;
  if (asksMore && !secondFactorEnrolled && !confirmed) {
    return { outcome: "rejected", reason: "locks-author-out", by: "second-factor" };
  }
  if (!isWithinRanges(caller.request.ip, rules.networks) && !networkConfirmed) {
    return { outcome: "rejected", reason: "locks-author-out", by: "network" };
  }
  return inTransaction(async (tx): Promise<RulesChange> => {
    const before = await findRules(organizationId, tx);
    if (!(await saveRules(organizationId, rules, expectedVersion, tx))) {
      return { outcome: "rejected", reason: "stale" };
    }
    await recordChange(
      caller,
      {
        action: "organization.sign_in_rules_changed",
        target: { type: "organization", id: organizationId },
        before: { ...before.rules },
        after: { ...rules },
      },
      tx,
    );
    return { outcome: "changed" };
  });
}
