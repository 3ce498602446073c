import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { permissionTypes } from "@/lib/authz/permission-types";
import { fitContent, type Unfitting } from "@/lib/policies/fit-content";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { changedPolicy, changePolicy, type PolicyRejection } from "@/lib/policies/policy-change";
import { describeVersion, diffVersions } from "@/lib/policies/policy-diff";
import {
  findVersionRow,
  insertVersionRow,
  newestNumber,
  type PolicyRow,
  updatePolicyRow,
} from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";

/** Nobody reads through more. */
const VERSIONS_MAX = 500;

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
    const unfitting = fitContent(content, await permissionTypes(tx));
    if (unfitting !== null) return unfitting;
    const newest = await newestNumber(policyId, tx);
    if (newest >= VERSIONS_MAX) return { outcome: "rejected", reason: "too-many-versions" };
    const before = await findVersionRow(policyId, newest, tx);
    const diff = diffVersions(before, content);
    if (diff.length === 0) return { outcome: "rejected", reason: "unchanged" };
    const number = newest + 1;
    await insertVersionRow(policyId, number, content, caller.principal.userId, tx);
    await updatePolicyRow(policyId, {}, tx);
    await recordChange(
      caller,
      {
        action: "policy.version_saved",
        target: { type: "policy", id: policyId },
        before: describeVersion(before),
        after: {
          ...describeVersion({ number, ...content }),
          ...(content.note === "" ? {} : { note: content.note }),
          diff: diff as never,
        },
      },
      tx,
    );
    const changed = await changedPolicy(policy, tx);
    return { outcome: "saved", policy: changed.policy, number };
  });
}
