import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import { describeVersion } from "@/lib/policies/policy-diff";
import { deletePolicyRow, findVersionRow, newestNumber } from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";

export type PolicyDeletion =
  | { outcome: "deleted" }
  | { outcome: "rejected"; reason: "in-force" }
  | PolicyRejection;

/** Deletes a policy that is not in force, with all its versions and counts. */
export async function deletePolicy(
  caller: Caller,
  policyId: string,
  terms: ChangeTerms,
): Promise<PolicyDeletion> {
  return changePolicy(caller, policyId, terms, async (policy, tx): Promise<PolicyDeletion> => {
    if (policy.activeNumber !== null) return { outcome: "rejected", reason: "in-force" };
    const newest = await findVersionRow(policyId, await newestNumber(policyId, tx), tx);
    await deletePolicyRow(policyId, tx);
    await recordChange(
      caller,
      {
        action: "policy.deleted",
        target: { type: "policy", id: policyId },
        before: {
          name: policy.name,
          description: policy.description,
          version: describeVersion(newest),
        },
      },
      tx,
    );
    return { outcome: "deleted" };
  });
}
