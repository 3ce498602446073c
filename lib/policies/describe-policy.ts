import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { changedPolicy, changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import type { PolicyRow } from "@/lib/policies/policy-store";
import { writePolicyDescription } from "@/lib/policies/write-policy";
import type { Caller } from "@/lib/shared/caller";

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type PolicyDescriptionChange =
  | { outcome: "changed"; policy: PolicyRow }
  | { outcome: "rejected"; reason: "name-taken" }
  | PolicyRejection;

/** Changes what a policy is called, and nothing that it decides. */
export async function describePolicy(
  caller: Caller,
  policyId: string,
  change: { name?: string | undefined; description?: string | undefined },
  terms: ChangeTerms,
): Promise<PolicyDescriptionChange> {
  try {
    return await changePolicy(
      caller,
      policyId,
      terms,
      async (policy, tx): Promise<PolicyDescriptionChange> => {
        const after = {
          name: change.name ?? policy.name,
          description: change.description ?? policy.description,
        };
        const taken = await writePolicyDescription(asCaller(caller), policy, after, tx);
        if (taken !== null) return taken;
        return changedPolicy(policy, tx);
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
