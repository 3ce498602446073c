import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { changedPolicy, changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import { describeVersion, diffVersions } from "@/lib/policies/policy-diff";
import { findVersionRow, type PolicyRow, updatePolicyRow } from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";

export type ShadowChange =
  | { outcome: "changed"; policy: PolicyRow }
  | { outcome: "rejected"; reason: "unknown-version" | "in-force" }
  | PolicyRejection;

/**
 * Puts a version in shadow, or with null takes it out: every decision that it would change is
 * counted, and none is changed. What is counted stays.
 */
export async function setShadow(
  caller: Caller,
  policyId: string,
  number: number | null,
  terms: ChangeTerms,
): Promise<ShadowChange> {
  return changePolicy(caller, policyId, terms, async (policy, tx): Promise<ShadowChange> => {
    if (number === policy.shadowNumber) return changedPolicy(policy, tx);
    if (number !== null && number === policy.activeNumber) {
      return { outcome: "rejected", reason: "in-force" };
    }
    const versionOf = (one: number | null) =>
      one === null ? null : findVersionRow(policyId, one, tx);
    const [before, after] = [await versionOf(policy.shadowNumber), await versionOf(number)];
    if (number !== null && after === null)
      return { outcome: "rejected", reason: "unknown-version" };
    await updatePolicyRow(policyId, { shadowNumber: number }, tx);
    await recordChange(
      caller,
      {
        action: number === null ? "policy.unshadowed" : "policy.shadowed",
        target: { type: "policy", id: policyId },
        before: describeVersion(before),
        after: { ...describeVersion(after), diff: diffVersions(before, after) as never },
      },
      tx,
    );
    return changedPolicy(policy, tx);
  });
}
