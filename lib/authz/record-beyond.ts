import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { type BeyondTrace, beyondTraceOf } from "@/lib/authz/beyond-trace";
import type { Holding } from "@/lib/authz/holdings";
import { insertTrace } from "@/lib/authz/trace-store";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

export interface Beyond {
  permission: Permission;
  /** Of what kind the refusal is: what a flood is folded by. */
  reason: string;
  missing: string[];
  required: Holding[];
  held: Holding[];
  target?: NonNullable<BeyondTrace["target"]> | undefined;
  byRightOf?: string | null;
}

/**
 * Records that a change reaches beyond what its author, or whoever's right it is made by, holds, with
 * all that it was measured by, and returns the decision's id.
 */
export async function recordBeyond(
  { principal, request }: Caller,
  { permission, reason, missing, required, held, target, byRightOf = null }: Beyond,
  tx: Db,
): Promise<string> {
  const decisionId = await recordDenial(
    { id: newId(), actor: actorOfPrincipal(principal), target, reason, after: { missing } },
    request,
    tx,
  );
  const trace = beyondTraceOf(principal, permission, target ?? null, required, held, byRightOf);
  await insertTrace(decisionId, principal.organizationId, trace, tx);
  return decisionId;
}
