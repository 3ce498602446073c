import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import type { Probe } from "@/lib/authz/impact/probe";
import { inProbedChange } from "@/lib/authz/probed-change";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { findRules, saveRules, type VersionedRules } from "@/lib/organizations/sign-in-rules-store";
import type { Db } from "@/lib/platform/db/client";
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
  /** The author would be asked for a second factor that they do not have: confirmed first (ATK-44). */
  | { outcome: "rejected"; reason: "locks-author-out" };

export interface RulesTerms {
  expectedVersion: number;
  confirmed: boolean;
  /** Only looks at the change, and takes it back. */
  probe?: Probe | undefined;
}

/** Changes the rules of the caller's organization; they bite on everybody's next request (F20). */
export async function changeSignInRules(
  caller: Caller,
  rules: SignInRules,
  { expectedVersion, confirmed, probe }: RulesTerms,
): Promise<RulesChange> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  const { organizationId } = caller.principal;
  if (locksOut(caller, rules) && !confirmed) {
    return { outcome: "rejected", reason: "locks-author-out" };
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

/** Whether the author would be asked at once for a second factor that they do not have. */
export const locksOut = ({ principal }: Caller, rules: SignInRules): boolean =>
  (rules.mfaRequired || rules.adminMfaRequired) && !principal.secondFactorEnrolled;
