import "server-only";
import type { JsonValue } from "@/lib/audit/record-event";
import { type Authority, recordBy } from "@/lib/authz/authority";
import { listPermissionKeys } from "@/lib/authz/list-permission-keys";
import type { DutyConflictInput } from "@/lib/duties/duty.schema";
import {
  countConflictsOf,
  type DutyConflict,
  deleteConflictRow,
  insertConflict,
  updateConflict,
} from "@/lib/duties/duty-store";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";

// What is judged by itself, written and recorded of a conflict, whoever has judged that its author may.

export type ConflictRejection =
  | { outcome: "rejected"; reason: "unknown-permission"; keys: string[] }
  | { outcome: "rejected"; reason: "too-many-conflicts" };

/** Each is asked at every change of who may do what, so that no place has more of its own. */
const CONFLICTS_MAX = 50;

type NewConflict = Omit<DutyConflict, "version">;

const targetOf = (id: string) => ({ type: "duty_conflict", id });

const described = ({ name, description, leftKeys, rightKeys }: NewConflict): JsonValue => ({
  name,
  description,
  left: leftKeys,
  right: rightKeys,
});

/** The conflict that somebody has written down, with this id and in this place. */
export const conflictOf = (
  { id, organizationId }: Pick<DutyConflict, "id" | "organizationId">,
  { name, description, left, right }: Omit<DutyConflictInput, "everywhere">,
): NewConflict => ({ id, organizationId, name, description, leftKeys: left, rightKeys: right });

/** Null where there are all permissions that it names. */
export async function refuseKeys(
  { leftKeys, rightKeys }: NewConflict,
  tx: Db,
): Promise<ConflictRejection | null> {
  const known = await listPermissionKeys(tx);
  const keys = [...leftKeys, ...rightKeys].filter((key) => !known.has(key));
  return keys.length === 0 ? null : { outcome: "rejected", reason: "unknown-permission", keys };
}

/** Null when it was written. Throws a unique violation where its name is taken. */
export async function writeNewConflict(
  authority: Authority,
  conflict: NewConflict,
  tx: Db,
): Promise<ConflictRejection | null> {
  const { id, organizationId } = conflict;
  const count = await inPlace(
    organizationId,
    (place) => countConflictsOf(organizationId, place),
    tx,
  );
  if (count >= CONFLICTS_MAX) return { outcome: "rejected", reason: "too-many-conflicts" };
  const rejection = await refuseKeys(conflict, tx);
  if (rejection !== null) return rejection;
  await inPlace(organizationId, (place) => insertConflict(conflict, place), tx);
  const after = described(conflict);
  await recordBy(authority, { action: "duty_conflict.created", target: targetOf(id), after }, tx);
  return null;
}

/** False when somebody has changed it since this version. Throws a unique violation where the name is taken. */
export async function writeConflict(
  authority: Authority,
  present: DutyConflict,
  wanted: NewConflict,
  version: number,
  tx: Db,
): Promise<boolean> {
  const updated = await inPlace(
    present.organizationId,
    (place) => updateConflict(wanted, version, place),
    tx,
  );
  if (!updated) return false;
  const event = {
    action: "duty_conflict.changed",
    target: targetOf(present.id),
    before: described(present),
    after: described(wanted),
  };
  await recordBy(authority, event, tx);
  return true;
}

/** Deletes a conflict together with its waivers; false when it is gone already. */
export async function writeConflictDeletion(
  authority: Authority,
  present: DutyConflict,
  tx: Db,
): Promise<boolean> {
  const { id, organizationId } = present;
  if (!(await inPlace(organizationId, (place) => deleteConflictRow(id, place), tx))) return false;
  const before = described(present);
  await recordBy(authority, { action: "duty_conflict.deleted", target: targetOf(id), before }, tx);
  return true;
}
