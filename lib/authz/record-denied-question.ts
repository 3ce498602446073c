import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { type DenialReason, evaluate, type Question } from "@/lib/authz/evaluate";
import { explainQuestion } from "@/lib/authz/explain-question";
import { insertTrace } from "@/lib/authz/trace-store";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

interface Refusal {
  id: string;
  permission: Permission;
  question: Question;
  reason: DenialReason;
  target: { type: string; id: string } | undefined;
  after?: { missing: string[] };
}

/** Puts the refusal on record, explained as every other decision is; returns the id that it is told by. */
export async function recordRefusedQuestion(
  { principal, request }: Caller,
  { id, permission, question, reason, target, after }: Refusal,
  tx?: Db,
): Promise<string> {
  const actor = actorOfPrincipal(principal);
  const denial = { id, actor, target, reason: `${permission.key}: ${reason}`, after };
  const decisionId = await recordDenial(denial, request, tx);
  // Of a flood that is folded into one event the first one's trace is kept (ATK-75).
  await insertTrace(decisionId, principal.organizationId, await explainQuestion(question, tx), tx);
  return decisionId;
}

/** Null where the answer is yes; else the refusal on record. */
export async function recordDeniedQuestion(
  caller: Caller,
  permission: Permission,
  question: Question,
  target: Refusal["target"],
  tx: Db,
): Promise<{ decisionId: string; reason: DenialReason } | null> {
  const verdict = evaluate(question);
  if (verdict.allowed) return null;
  const { reason } = verdict;
  const after = { missing: [permission.key] };
  const refusal = { id: newId(), permission, question, reason, target, after };
  return { decisionId: await recordRefusedQuestion(caller, refusal, tx), reason };
}
