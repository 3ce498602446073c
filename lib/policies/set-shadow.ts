import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { changedPolicy, changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import type { PolicyRow } from "@/lib/policies/policy-store";
import { writeShadow } from "@/lib/policies/write-policy";
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
    const rejection = await writeShadow(asCaller(caller), policy, number, tx);
    if (rejection !== null) return rejection;
    return changedPolicy(policy, tx);
  });
}
