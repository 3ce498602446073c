import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import type { Probe } from "@/lib/authz/impact/probe";
import { inProbedChange } from "@/lib/authz/probed-change";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { findRules, saveRules, type VersionedRules } from "@/lib/organizations/sign-in-rules-store";
import type { Db } from "@/lib/platform/db/client";
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
  | { outcome: "rejected"; reason: "locks-author-out"; by: Lockout };

export type Lockout = "second-factor" | "network";

export interface RulesTerms {
  expectedVersion: number;
  /** The author goes and sets up a second factor. */
  confirmed: boolean;
  /** The author goes to another network. */
  networkConfirmed?: boolean;
  /** Only looks at the change, and takes it back. */
  probe?: Probe | undefined;
}

/** Changes the rules of the caller's organization; they bite on everybody's next request (F20). */
export async function changeSignInRules(
  caller: Caller,
  rules: SignInRules,
  { expectedVersion, confirmed, networkConfirmed = false, probe }: RulesTerms,
): Promise<RulesChange> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  const { organizationId } = caller.principal;
  const accepted = { "second-factor": confirmed, network: networkConfirmed };
  for (const by of lockoutsOf(caller, rules)) {
    if (!accepted[by]) return { outcome: "rejected", reason: "locks-author-out", by };
  }
  const change = async (tx: Db): Promise<RulesChange> => {
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
  };
  return inProbedChange(probe, async (tx) => ({ result: await change(tx), foretold: null }));
}

/** What would keep the author out under these rules, in the order in which it is said. */
export function lockoutsOf({ principal, request }: Caller, rules: SignInRules): Lockout[] {
  const asksMore = rules.mfaRequired || rules.adminMfaRequired;
  return [
    ...(asksMore && !principal.secondFactorEnrolled ? ["second-factor" as const] : []),
    ...(isWithinRanges(request.ip, rules.networks) ? [] : ["network" as const]),
  ];
}
