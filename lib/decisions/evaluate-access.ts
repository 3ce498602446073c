import "server-only";
import type { Row } from "@/lib/authz/ability";
import { authorize } from "@/lib/authz/authorize";
import type { DenialReason } from "@/lib/authz/evaluate";
import { loadRules } from "@/lib/authz/load-rules";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { countShadowsOf } from "@/lib/authz/shadow";
import { type Catalogue, findAskedRecord, permissionNamed } from "@/lib/decisions/catalogue";
import {
  type Circumstances,
  type Imagined,
  imagineCaller,
  type SubjectRef,
} from "@/lib/decisions/imagine-caller";
import { type Judgement, judge } from "@/lib/decisions/judge";
import { keepTraces, type ToKeep } from "@/lib/decisions/keep-traces";
import type { Caller } from "@/lib/shared/caller";

/** One question of another program. Texts that name nothing are answered with no. */
export interface Evaluation {
  /** Null for a type of subject that there is not. */
  subject: SubjectRef | null;
  permission: string;
  resource: { type: string; id: string; properties: Row };
  circumstances: Circumstances;
}

export interface Answer {
  judgement: Judgement;
  /** Under which the reason is kept for administrators; null for a yes, and where none is kept. */
  decisionId: string | null;
}

/** What is unknown is told apart from what is merely not given by nobody: as little as it can be (ATK-43). */
const UNKNOWN: Judgement = { outcome: "denied", reason: "no-grant" satisfies DenialReason };

/** `first-deny` and `first-permit` end with the first such answer. */
export type Until = "all" | "first-deny" | "first-permit";

/**
 * Answers what users and services of the caller's organization may do, for a program that holds
 * `evaluate_access`, by the steps of `authorize`. Nothing is done, and a no is no refusal of the caller's:
 * its reason is kept under an id, as far as the budget for that reaches.
 */
export async function evaluateAccess(
  caller: Caller,
  evaluations: readonly Evaluation[],
  until: Until,
  catalogue: Catalogue,
): Promise<Answer[]> {
  await authorize(caller, DECISION_PERMISSIONS.evaluate);
  const { organizationId, userId } = caller.principal;
  const imagine = remembering(organizationId);
  const answers: (Answer & { kept: ToKeep | null })[] = [];
  for (const evaluation of evaluations) {
    const { judgement, kept } = await answerOne(evaluation, organizationId, imagine, catalogue);
    answers.push({ judgement, decisionId: null, kept });
    const allowed = judgement.outcome === "allowed";
    if (until === (allowed ? "first-permit" : "first-deny")) break;
  }
  const ids = await keepTraces(
    answers.map(({ kept }) => kept),
    organizationId,
    userId,
  );
  return answers.map(({ judgement }, index) => ({ judgement, decisionId: ids[index] ?? null }));
}

type Imagine = (ref: SubjectRef, circumstances: Circumstances) => Promise<Imagined>;

/** Most of a batch is about the same subject. */
function remembering(organizationId: string): Imagine {
  const known = new Map<string, Promise<Imagined>>();
  return (ref, circumstances) => {
    const key = JSON.stringify([ref, circumstances]);
    const found = known.get(key) ?? imagineCaller(ref, organizationId, circumstances);
    known.set(key, found);
    return found;
  };
}

async function answerOne(
  { subject, permission: key, resource, circumstances }: Evaluation,
  organizationId: string,
  imagine: Imagine,
  catalogue: Catalogue,
): Promise<{ judgement: Judgement; kept: ToKeep | null }> {
  const permission = permissionNamed(catalogue, key);
  if (subject === null || permission?.resourceType !== resource.type) {
    return { judgement: UNKNOWN, kept: null };
  }
  const [imagined, record] = await Promise.all([
    imagine(subject, circumstances),
    findAskedRecord(catalogue, resource, organizationId),
  ]);
  if (imagined.outcome !== "found" || record === null) return { judgement: UNKNOWN, kept: null };
  const loaded = await loadRules(imagined.caller.principal);
  const { judgement, question, verdict } = judge(imagined.caller, loaded, permission, record);
  await countShadowsOf(question, verdict, loaded.shadows);
  return { judgement, kept: judgement.outcome === "denied" ? question : null };
}
