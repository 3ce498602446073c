import "server-only";
import type { Authority } from "@/lib/authz/authority";
import { inGuardedChange } from "@/lib/authz/guarded-change";
import { type ListedPolicy, withShownVersions } from "@/lib/policies/list-policies";
import { findPolicyRow, listPolicyRows } from "@/lib/policies/policy-store";
import { type ForceChange, putInForce } from "@/lib/policies/put-in-force";
import type { RequestFacts } from "@/lib/shared/caller";

/** Nobody reads a longer list in a terminal. */
const POLICIES_MAX = 1_000;

/** Every policy of the installation, by name: for whoever operates the machine. */
export async function listPoliciesAsOperator(): Promise<ListedPolicy[]> {
  return withShownVersions(await listPolicyRows(null, null, POLICIES_MAX), null);
}

/** Takes a policy out of force, whoever it has shut out: the way back when there is no other. */
export async function deactivatePolicyAsOperator(
  policyId: string,
  request: RequestFacts,
): Promise<ForceChange> {
  const authority: Authority = { kind: "operator", request };
  return inGuardedChange(authority, true, async (tx, object): Promise<ForceChange> => {
    const policy = await findPolicyRow(policyId, null, tx);
    if (policy === null) return { outcome: "not-found" };
    return putInForce(authority, policy, null, { confirmed: true, object }, tx);
  });
}
