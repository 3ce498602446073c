import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import type { Unfitting } from "@/lib/policies/fit-content";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { changedPolicy, changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import type { PolicyRow } from "@/lib/policies/policy-store";
import { writeVersion } from "@/lib/policies/write-policy";
import type { Caller } from "@/lib/shared/caller";

export type VersionSaving =
  | { outcome: "saved"; policy: PolicyRow; number: number }
  | { outcome: "rejected"; reason: "unchanged" | "too-many-versions" }
  | Unfitting
  | PolicyRejection;

/**
 * Writes a further version, once and for ever: what is in force stays in force, and those before
 * it stay as they are.
 */
export async function saveVersion(
  caller: Caller,
  policyId: string,
  content: PolicyContent,
  terms: ChangeTerms,
): Promise<VersionSaving> {
  return changePolicy(caller, policyId, terms, async (policy, tx): Promise<VersionSaving> => {
    const written = await writeVersion(asCaller(caller), policy, content, tx);
    if (written.outcome === "rejected") return written;
    const changed = await changedPolicy(policy, tx);
    return { outcome: "saved", policy: changed.policy, number: written.number };
  });
}
