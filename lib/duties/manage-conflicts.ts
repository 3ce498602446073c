import "server-only";
import { type JsonValue, recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { listPermissionKeys } from "@/lib/authz/list-permission-keys";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { DutyConflictInput } from "@/lib/duties/duty.schema";
import {
  countConflictsOf,
  type DutyConflict,
  deleteConflictRow,
  findConflict,
  insertConflict,
  listConflictsIn,
  queueForConflicts,
  updateConflict,
} from "@/lib/duties/duty-store";
import { isInOwnWay, isNarrowed } from "@/lib/duties/own-side";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

export type { DutyConflict };

export type DutyRefusal =
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-permission"; keys: string[] }
  | { outcome: "rejected"; reason: "duty-name-taken" | "too-many-conflicts" }
  | { outcome: "rejected"; reason: "own-waiver" }
  | { outcome: "rejected"; reason: "stale"; version: number }
  | BeyondOwn;

/** Nobody takes out of their own way what somebody else would have to waive for them. */
const OWN_WAIVER = { outcome: "rejected", reason: "own-waiver" } as const;
/** Each is asked at every change of who may do what, so that no place has more of its own. */
const CONFLICTS_MAX = 50;
const NAME_TAKEN = { outcome: "rejected", reason: "duty-name-taken" } as const;

/** The conflicts that hold in the caller's organization, by name. */
export async function listConflicts(caller: Caller): Promise<DutyConflict[]> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.view);
  return listConflictsIn(caller.principal.organizationId);
}

/** What sides can be made of, for whoever may make them. */
export async function listDutyPermissions(
  caller: Caller,
): Promise<{ key: string; description: string }[]> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.manage);
  return [...(await listPermissionKeys())].map(([key, description]) => ({ key, description }));
}

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
    [{ permissionKey: DUTY_PERMISSIONS.manage.key, condition: null, organizationId }],
    { type: "duty_conflict", id },
    tx,
  );

async function unknownKeys({ left, right }: DutyConflictInput, tx: Db): Promise<string[]> {
  const known = await listPermissionKeys(tx);
  return [...left, ...right].filter((key) => !known.has(key));
}

const described = ({ name, description, left, right }: DutyConflictInput): JsonValue => ({
  name,
  description,
  left,
  right,
});
const describedRow = ({ name, description, leftKeys, rightKeys }: DutyConflict): JsonValue => ({
  name,
  description,
  left: leftKeys,
  right: rightKeys,
});

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
      if ((await countConflictsOf(organizationId, tx)) >= CONFLICTS_MAX) {
        return { outcome: "rejected", reason: "too-many-conflicts" };
      }
      const keys = await unknownKeys(input, tx);
      if (keys.length > 0) return { outcome: "rejected", reason: "unknown-permission", keys };
      const { name, description, left: leftKeys, right: rightKeys } = input;
      const conflict = { id, organizationId, name, description, leftKeys, rightKeys };
      await insertConflict(conflict, tx);
      await recordChange(
        caller,
        {
          action: "duty_conflict.created",
          target: { type: "duty_conflict", id },
          after: described(input),
        },
        tx,
      );
      return { outcome: "created", conflict: { ...conflict, version: 1 } };
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
      const present = await findConflict(id, caller.principal.organizationId, tx);
      if (present === null) return { outcome: "not-found" };
      const beyond = await checkPlace(caller, present.organizationId, id, tx);
      if (beyond !== null) return beyond;
      const keys = await unknownKeys(input, tx);
      if (keys.length > 0) return { outcome: "rejected", reason: "unknown-permission", keys };
      const { name, description, left: leftKeys, right: rightKeys } = input;
      const wanted = { id, name, description, leftKeys, rightKeys };
      if (isNarrowed(present, wanted) && (await isInOwnWay(caller, present, tx))) return OWN_WAIVER;
      const version = expectedVersion ?? present.version;
      if (!(await updateConflict(wanted, version, tx))) {
        return { outcome: "rejected", reason: "stale", version: present.version };
      }
      await recordChange(
        caller,
        {
          action: "duty_conflict.changed",
          target: { type: "duty_conflict", id },
          before: describedRow(present),
          after: described(input),
        },
        tx,
      );
      return { outcome: "changed", conflict: { ...present, ...wanted, version: version + 1 } };
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
    const present = await findConflict(id, caller.principal.organizationId, tx);
    if (present === null) return { outcome: "not-found" };
    const beyond = await checkPlace(caller, present.organizationId, id, tx);
    if (beyond !== null) return beyond;
    if (await isInOwnWay(caller, present, tx)) return OWN_WAIVER;
    if (!(await deleteConflictRow(id, tx))) return { outcome: "not-found" };
    await recordChange(
      caller,
      {
        action: "duty_conflict.deleted",
        target: { type: "duty_conflict", id },
        before: describedRow(present),
      },
      tx,
    );
    return { outcome: "deleted" };
  });
}
