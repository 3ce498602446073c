import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import { writePolicyDeletion } from "@/lib/policies/write-policy";
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
    const rejection = await writePolicyDeletion(asCaller(caller), policy, tx);
    if (rejection !== null) return rejection;
    return { outcome: "deleted" };
  });
}
