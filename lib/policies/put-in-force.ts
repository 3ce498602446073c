import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { readCondition } from "@/lib/authz/condition.schema";
import type { ChangeTerms, Objector } from "@/lib/authz/guarded-change";
import { type LoadedRules, withPolicy } from "@/lib/authz/load-rules";
import { permissionTypes } from "@/lib/authz/permission-types";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { leavesNobody } from "@/lib/authz/remaining-administrator";
import { checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { fitContent, type Unfitting } from "@/lib/policies/fit-content";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  changedPolicy,
  changePolicy,
  checkMayRule,
  findVersions,
  holdingsOf,
  type PolicyRejection,
} from "@/lib/policies/policy-change";
import { describeVersion, diffVersions } from "@/lib/policies/policy-diff";
import { type PolicyRow, updatePolicyRow, type VersionRow } from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** What an administrator must be able to do, so that there is one. */
const ADMINISTRATION = [ROLE_PERMISSIONS.manage.key, USER_PERMISSIONS.manage.key];

const UNREADABLE: Unfitting = {
  outcome: "rejected",
  reason: "unfitting",
  misfits: [{ field: "condition", reason: "unreadable", names: [] }],
};

export type ForceChange =
  | { outcome: "changed"; policy: PolicyRow }
  | { outcome: "rejected"; reason: "unknown-version" }
  | Unfitting
  | PolicyRejection;

/**
 * Puts a version in force from the next request of everybody on; an earlier one is rolled back to.
 * Nobody decides so over what they do not hold themselves, shuts out the last administrator, or
 * takes something from themselves without having confirmed it (ATK-42, ATK-44).
 */
export const activateVersion = (
  caller: Caller,
  policyId: string,
  number: number,
  terms: ChangeTerms,
): Promise<ForceChange> =>
  changePolicy(caller, policyId, terms, (policy, tx, object) =>
    putInForce(asCaller(caller), policy, number, object, tx),
  );

/** Takes the policy out of force, under the same rules; its versions stay. */
export const deactivatePolicy = (
  caller: Caller,
  policyId: string,
  terms: ChangeTerms,
): Promise<ForceChange> =>
  changePolicy(caller, policyId, terms, (policy, tx, object) =>
    putInForce(asCaller(caller), policy, null, object, tx),
  );

/** With null, nothing of the policy is in force afterwards. Runs within a guarded change. */
export async function putInForce(
  authority: Authority,
  policy: PolicyRow,
  number: number | null,
  object: Objector,
  tx: Db,
): Promise<ForceChange> {
  const { id, organizationId, activeNumber, shadowNumber } = policy;
  if (number === activeNumber) return changedPolicy(policy, tx);
  const [before, after] = await findVersions(policy, [activeNumber, number], tx);
  if (number !== null && after === null) return { outcome: "rejected", reason: "unknown-version" };
  const refusal = await judge(authority, policy, before, after, object, tx);
  if (refusal !== null) return refusal;
  const change = {
    activeNumber: number,
    // What is in force is not in shadow as well.
    ...(number !== null && number === shadowNumber ? { shadowNumber: null } : {}),
  };
  await inPlace(organizationId, (place) => updatePolicyRow(id, change, place), tx);
  await recordEvent(
    {
      action: actionOf(activeNumber, number),
      outcome: "success",
      actor: actorOf(authority),
      target: { type: "policy", id },
      before: describeVersion(before),
      after: { ...describeVersion(after), diff: diffVersions(before, after) as never },
    },
    requestOf(authority),
    tx,
  );
  return changedPolicy(policy, tx);
}

function actionOf(before: number | null, after: number | null): string {
  if (after === null) return "policy.deactivated";
  return before !== null && after < before ? "policy.rolled_back" : "policy.activated";
}

async function judge(
  authority: Authority,
  policy: PolicyRow,
  before: VersionRow | null,
  after: VersionRow | null,
  object: Objector,
  tx: Db,
): Promise<Unfitting | PolicyRejection | null> {
  const types = await permissionTypes(tx);
  if (after !== null) {
    // What fitted when it was written may not fit any more; one that cannot be read never does.
    const condition = after.condition === null ? null : readCondition(after.condition);
    const unfitting =
      condition === null && after.condition !== null
        ? UNREADABLE
        : fitContent({ ...after, condition }, types);
    if (unfitting !== null) return unfitting;
  }
  const ruled = [...(before?.permissions ?? []), ...(after?.permissions ?? [])];
  const known = ruled.filter((key) => types.has(key));
  const beyond = await checkMayRule(authority, policy.organizationId, known, policy.id, tx);
  if (beyond !== null) return beyond;
  // An allow passes on what it allows: what a policy denies its author is not theirs to pass on.
  if (after?.effect === "allow") {
    const given = holdingsOf(after.permissions, policy.organizationId);
    const target = { type: "policy", id: policy.id };
    const denied = await checkWithinOwn(authority, POLICY_PERMISSIONS.manage, given, target, tx);
    if (denied !== null) return denied;
  }
  const change = (loaded: LoadedRules) =>
    withPolicy(loaded, { ...policy, number: after?.number ?? 0 }, after, types);
  const { organizationId } = policy;
  const { ip } = requestOf(authority);
  // Nobody is left out by what denies nothing any more: that way back is never barred.
  const onlyGives = after === null && before?.effect === "deny";
  if (!onlyGives && (await leavesNobody(change, ADMINISTRATION, { organizationId, ip }, tx))) {
    return object({ outcome: "rejected", reason: "last-administrator" });
  }
  return null;
}
