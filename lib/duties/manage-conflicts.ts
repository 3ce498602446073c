import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { toReach } from "@/lib/authz/holdings";
import { listPermissionKeys } from "@/lib/authz/list-permission-keys";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { DutyConflictInput } from "@/lib/duties/duty.schema";
import {
  type DutyConflict,
  findConflict,
  listConflictsIn,
  queueForConflicts,
} from "@/lib/duties/duty-store";
import { isInOwnWay, isNarrowed } from "@/lib/duties/own-side";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import {
  type ConflictRejection,
  conflictOf,
  refuseKeys,
  writeConflict,
  writeConflictDeletion,
  writeNewConflict,
} from "@/lib/duties/write-conflict";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

export type { DutyConflict };

export type DutyRefusal =
  | { outcome: "not-found" }
  | ConflictRejection
  | { outcome: "rejected"; reason: "duty-name-taken" }
  | { outcome: "rejected"; reason: "own-waiver" }
  | { outcome: "rejected"; reason: "stale"; version: number }
  | BeyondOwn;

/** Nobody takes out of their own way what somebody else would have to waive for them. */
const OWN_WAIVER = { outcome: "rejected", reason: "own-waiver" } as const;
const NAME_TAKEN = { outcome: "rejected", reason: "duty-name-taken" } as const;

/** The conflicts that hold in the caller's organization, by name. */
export async function listConflicts(caller: Caller): Promise<DutyConflict[]> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) => listConflictsIn(organizationId, tenant));
}

/** What sides can be made of, for whoever may make them. */
export async function listDutyPermissions(
  caller: Caller,
): Promise<{ key: string; description: string }[]> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.manage);
  return [...(await listPermissionKeys())].map(([key, description]) => ({ key, description }));
}

/** The conflict, when it holds in the caller's organization. */
const findHere = (
  { principal: { organizationId } }: Caller,
  id: string,
  tx: Db,
): Promise<DutyConflict | null> =>
  inTenant(organizationId, (tenant) => findConflict(id, organizationId, tenant), tx);

/** What holds in every organization is for whoever manages duties in all of them (ATK-43). */
const checkPlace = (
  caller: Caller,
  organizationId: string | null,
  id: string,
  tx: Db,
): Promise<BeyondOwn | null> =>
  checkWithinOwn(
    asCaller(caller),
    DUTY_PERMISSIONS.manage,
    toReach(DUTY_PERMISSIONS.manage, organizationId),
    { type: "duty_conflict", id },
    tx,
  );

/**
 * Says that nobody may hold one of the left and one of the right permissions in the same place. Whoever
 * does already stays as they are and is in the report; nobody comes to from then on (F98).
 */
export async function createConflict(
  caller: Caller,
  input: DutyConflictInput,
): Promise<{ outcome: "created"; conflict: DutyConflict } | DutyRefusal> {
  await authorize(caller, DUTY_PERMISSIONS.manage);
  try {
    return await inTransaction(async (tx) => {
      // So that those who come at once are counted one after the other.
      await queueForConflicts(tx);
      const id = newId();
      const organizationId = input.everywhere ? null : caller.principal.organizationId;
      const beyond = await checkPlace(caller, organizationId, id, tx);
      if (beyond !== null) return beyond;
      const conflict = conflictOf({ id, organizationId }, input);
      const rejection = await writeNewConflict(asCaller(caller), conflict, tx);
      return rejection ?? { outcome: "created", conflict: { ...conflict, version: 1 } };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}

/** Changes a conflict at the version that was read; where it holds stays as it is. */
export async function changeConflict(
  caller: Caller,
  id: string,
  input: DutyConflictInput,
  expectedVersion: number | null,
): Promise<{ outcome: "changed"; conflict: DutyConflict } | DutyRefusal> {
  await authorize(caller, DUTY_PERMISSIONS.manage);
  try {
    return await inTransaction(async (tx) => {
      const present = await findHere(caller, id, tx);
      if (present === null) return { outcome: "not-found" };
      const beyond = await checkPlace(caller, present.organizationId, id, tx);
      if (beyond !== null) return beyond;
      const wanted = conflictOf(present, input);
      const rejection = await refuseKeys(wanted, tx);
      if (rejection !== null) return rejection;
      if (isNarrowed(present, wanted) && (await isInOwnWay(caller, present, tx))) return OWN_WAIVER;
      const version = expectedVersion ?? present.version;
      if (!(await writeConflict(asCaller(caller), present, wanted, version, tx))) {
        return { outcome: "rejected", reason: "stale", version: present.version };
      }
      return { outcome: "changed", conflict: { ...wanted, version: version + 1 } };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}

/** Deletes a conflict together with its waivers. */
export async function deleteConflict(
  caller: Caller,
  id: string,
): Promise<{ outcome: "deleted" } | { outcome: "not-found" } | typeof OWN_WAIVER | BeyondOwn> {
  await authorize(caller, DUTY_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    const present = await findHere(caller, id, tx);
    if (present === null) return { outcome: "not-found" };
    const beyond = await checkPlace(caller, present.organizationId, id, tx);
    if (beyond !== null) return beyond;
    if (await isInOwnWay(caller, present, tx)) return OWN_WAIVER;
    const deleted = await writeConflictDeletion(asCaller(caller), present, tx);
    return { outcome: deleted ? "deleted" : "not-found" };
  });
}
