import "server-only";
import { isDeepStrictEqual } from "node:util";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import {
  changedPolicy,
  changePolicy,
  isPolicyNameTaken,
  type PolicyRejection,
} from "@/lib/policies/policy-change";
import { type PolicyRow, updatePolicyRow } from "@/lib/policies/policy-store";
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
        const before = { name: policy.name, description: policy.description };
        const after = {
          name: change.name ?? before.name,
          description: change.description ?? before.description,
        };
        if (isDeepStrictEqual(before, after)) return changedPolicy(policy, tx);
        if (await isPolicyNameTaken(policy, after.name, tx)) return NAME_TAKEN;
        await updatePolicyRow(policyId, after, tx);
        const target = { type: "policy", id: policyId };
        await recordChange(caller, { action: "policy.updated", target, before, after }, tx);
        return changedPolicy(policy, tx);
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
