import "server-only";
import type { Row } from "@/lib/authz/ability";
import { authorize } from "@/lib/authz/authorize";
import { accessibleRows, can, questionOf } from "@/lib/authz/decide";
import type { Facts } from "@/lib/authz/facts";
import { type LoadedRules, readRulesOf, withPolicy } from "@/lib/authz/load-rules";
import { permissionTypes } from "@/lib/authz/permission-types";
import { ownerFieldOf } from "@/lib/authz/resource-types";
import { type Trace, traceOf } from "@/lib/authz/trace";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import { fitContent, type Unfitting } from "@/lib/policies/fit-content";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { findMemberByEmail, findPolicyRow, findVersionRow } from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Who would ask for what, and how. Nothing of it is done. */
export interface Trial {
  email: string;
  permissionKey: string;
  /** The record; null asks about any record. What it lacks is not known. */
  resource: Row | null;
  /** Whether the record is the person's own, where `resource` does not say it itself; else null. */
  owned: boolean | null;
  context: Facts["context"];
  /** The policy that is being edited; null for one that is not written yet. */
  policyId: string | null;
  /** What to try in its place: a version by its number, what is being edited, or nothing. */
  draft: number | PolicyContent | null;
}

export type TrialResult =
  | { outcome: "tried"; stored: Trace; draft: Trace | null }
  | { outcome: "rejected"; reason: "unknown-person" | "unknown-permission" | "unknown-policy" }
  | Unfitting;

/**
 * What the stored rules say to a request that somebody of the caller's organization could make,
 * and what they would say with another version of a policy in force. Decides nothing, counts
 * nothing and writes nothing. Of people it tells only what the caller may see of them (ATK-43).
 */
export async function tryPolicy(caller: Caller, trial: Trial): Promise<TrialResult> {
  await authorize(caller, POLICY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const person = await findPerson(caller, trial.email);
  if (person === null) return { outcome: "rejected", reason: "unknown-person" };
  const types = await permissionTypes();
  const resourceType = types.get(trial.permissionKey);
  if (resourceType === undefined) return { outcome: "rejected", reason: "unknown-permission" };
  const ownerField = ownerFieldOf(resourceType);
  const isOwnerSaid = trial.resource === null || trial.owned === null || ownerField === undefined;
  const resource = isOwnerSaid
    ? trial.resource
    : { ...trial.resource, [ownerField]: trial.owned ? person.id : NOBODY };
  const loaded = await readRulesOf({ means: "session", userId: person.id, organizationId });
  const traceWith = (rules: LoadedRules): Trace => {
    const facts: Facts = {
      principal: {
        kind: "user",
        id: person.id,
        organizationId,
        email: person.email,
        ...rules.held,
      },
      context: trial.context,
    };
    const permission = { key: trial.permissionKey, resourceType };
    return traceOf(questionOf(rules, facts, permission, resource));
  };
  const stored = traceWith(loaded);
  if (trial.draft === null) return { outcome: "tried", stored, draft: null };

  const edited = await editedPolicy(caller, trial);
  if (edited === null) return { outcome: "rejected", reason: "unknown-policy" };
  const { policy, content } = edited;
  // A version that was stored is tried as it is; what is being edited has to fit first.
  const unfitting = typeof trial.draft === "number" ? null : fitContent(trial.draft, types);
  if (unfitting !== null) return unfitting;
  return { outcome: "tried", stored, draft: traceWith(withPolicy(loaded, policy, content, types)) };
}

/** The caller themself, or somebody of the organization whom they may see. */
async function findPerson(caller: Caller, email: string) {
  const { organizationId, userId } = caller.principal;
  const isOwn = email === caller.principal.email && caller.principal.means !== "service";
  if (!isOwn && !(await can(caller, USER_PERMISSIONS.view))) return null;
  const reachable = isOwn ? { id: userId } : await accessibleRows(caller, USER_PERMISSIONS.view);
  return inTenant(organizationId, (tenant) =>
    findMemberByEmail(email, organizationId, reachable, tenant),
  );
}

async function editedPolicy(caller: Caller, { policyId, draft }: Trial) {
  const { organizationId } = caller.principal;
  const number = typeof draft === "number" ? draft : null;
  const { policy, version } = await inTenant(organizationId, async (tenant) => {
    const found = policyId && (await findPolicyRow(policyId, organizationId, tenant));
    if (!found) return { policy: null, version: null };
    const stored = number === null ? null : await findVersionRow(found.id, number, tenant);
    return { policy: found, version: stored };
  });
  if (policyId !== null && policy === null) return null;
  const { id, name } = policy ?? { id: newId(), name: "New policy" };
  if (typeof draft !== "number") return { policy: { id, name, number: 0 }, content: draft };
  return version === null ? null : { policy: { id, name, number: draft }, content: version };
}
