import "server-only";
import type { Operator } from "@/lib/authz/authority";
import { type DutyConflict, listAllConflicts } from "@/lib/duties/duty-store";
import {
  type ConflictRejection,
  conflictOf,
  refuseKeys,
  writeConflict,
  writeConflictDeletion,
  writeNewConflict,
} from "@/lib/duties/write-conflict";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";

// Duties as whoever operates the machine changes them, each within a guarded change, so that
// conflicts of a place are counted one after the other.

export type { ConflictRejection, DutyConflict };

export interface WantedConflict {
  name: string;
  description: string;
  left: string[];
  right: string[];
}

/** Every conflict of the installation, wherever it holds, by name. */
export const listConflictsAsOperator = (tx: Db): Promise<DutyConflict[]> =>
  inPlace(null, listAllConflicts, tx);

/** Says that nobody may hold both sides; whoever does already stays as they are (F98). */
export const createConflictAsOperator = (
  operator: Operator,
  organizationId: string | null,
  wanted: WantedConflict,
  tx: Db,
): Promise<ConflictRejection | null> =>
  writeNewConflict(operator, conflictOf({ id: newId(), organizationId }, wanted), tx);

/** Makes a conflict say exactly this, if it is as it was read. */
export async function changeConflictAsOperator(
  operator: Operator,
  present: DutyConflict,
  input: WantedConflict,
  tx: Db,
): Promise<ConflictRejection | { outcome: "rejected"; reason: "stale" } | null> {
  const wanted = conflictOf(present, input);
  const rejection = await refuseKeys(wanted, tx);
  if (rejection !== null) return rejection;
  const written = await writeConflict(operator, present, wanted, present.version, tx);
  return written ? null : { outcome: "rejected", reason: "stale" };
}

/** Deletes a conflict together with its waivers. */
export async function deleteConflictAsOperator(
  operator: Operator,
  present: DutyConflict,
  tx: Db,
): Promise<void> {
  await writeConflictDeletion(operator, present, tx);
}
