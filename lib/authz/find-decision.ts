import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { readTrace, type StoredTrace } from "@/lib/authz/stored-trace";
import { findTraceRow, type TraceRow } from "@/lib/authz/trace-store";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type Decision = { id: string; at: Date } & StoredTrace;

/**
 * Why the decision came out as it did, for whoever may see that; null for a decision of
 * another organization, for one that is too old, and for one that never was (ATK-43). What was
 * refused before anybody was known is for whoever may see decisions on the whole instance.
 */
export async function findDecision(caller: Caller, id: string): Promise<Decision | null> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  if (!isId(id)) return null;
  const key = id.toLowerCase();
  const row =
    (await findTraceRow(key, caller.principal.organizationId)) ?? (await ofNobody(caller, key));
  return row && { id: row.id, at: row.at, ...readTrace(row.trace) };
}

const ofNobody = async ({ principal }: Caller, id: string): Promise<TraceRow | null> =>
  (await holdsOnInstance(principal, DECISION_PERMISSIONS.view)) ? findTraceRow(id, null) : null;
