import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { permissionTypes } from "@/lib/authz/permission-types";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { newId } from "@/lib/platform/id";
import { fitContent, type Unfitting } from "@/lib/policies/fit-content";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import type { PolicyContent, PolicyPlace } from "@/lib/policies/policy.schema";
import { changedPolicy, checkMayRule } from "@/lib/policies/policy-change";
import type { PolicyRow } from "@/lib/policies/policy-store";
import { writeNewPolicy } from "@/lib/policies/write-policy";
import type { Caller } from "@/lib/shared/caller";

export interface NewPolicy {
  name: string;
  description: string;
  place: PolicyPlace;
  content: PolicyContent;
}

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type PolicyCreation =
  | { outcome: "created"; policy: PolicyRow }
  | { outcome: "rejected"; reason: "name-taken" }
  | Unfitting
  | BeyondOwn
  | GuardRejection;

/**
 * Writes a policy down as its first version, which is in force nowhere: it changes no decision
 * before somebody puts it in shadow or in force. One for the whole installation is only for whoever
 * holds everything there.
 */
export async function createPolicy(
  caller: Caller,
  { name, description, place, content }: NewPolicy,
): Promise<PolicyCreation> {
  await authorize(caller, POLICY_PERMISSIONS.manage);
  const authority = asCaller(caller);
  const organizationId = place === "instance" ? null : caller.principal.organizationId;
  try {
    return await inGuardedChange(authority, false, async (tx): Promise<PolicyCreation> => {
      const unfitting = fitContent(content, await permissionTypes(tx));
      if (unfitting !== null) return unfitting;
      const beyond = await checkMayRule(authority, organizationId, [], undefined, tx);
      if (beyond !== null) return beyond;
      const id = newId();
      const row = { id, organizationId, name, description };
      const taken = await writeNewPolicy(authority, row, content, tx);
      if (taken !== null) return taken;
      const { policy } = await changedPolicy({ id, organizationId }, tx);
      return { outcome: "created", policy };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
