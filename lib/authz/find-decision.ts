import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { readTrace, type StoredTrace } from "@/lib/authz/stored-trace";
import { findTraceRow } from "@/lib/authz/trace-store";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type Decision = { id: string; at: Date } & StoredTrace;

/**
 * Why the decision came out as it did, for whoever may see that; null for a decision of
 * another organization, for one that is too old, and for one that never was (ATK-43).
 */
export async function findDecision(caller: Caller, id: string): Promise<Decision | null> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  if (!isId(id)) return null;
  const row = await findTraceRow(id.toLowerCase(), caller.principal.organizationId);
  return row && { id: row.id, at: row.at, ...readTrace(row.trace) };
}
