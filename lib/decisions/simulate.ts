import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { explainQuestion } from "@/lib/authz/explain-question";
import { readRulesOf } from "@/lib/authz/load-rules";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { Trace } from "@/lib/authz/trace";
import {
  type Catalogue,
  findNamedRecord,
  permissionNamed,
  sourceOf,
} from "@/lib/decisions/catalogue";
import {
  type Circumstances,
  type Imagined,
  imagineCaller,
  type Subject,
  type SubjectRef,
} from "@/lib/decisions/imagine-caller";
import { type Judgement, judge } from "@/lib/decisions/judge";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export interface Simulated {
  subject: SubjectRef;
  permission: string;
  /** Of the permission's resource type; null asks about any record at all. */
  record: string | null;
  circumstances: Circumstances;
}

export type Simulation =
  | {
      outcome: "simulated";
      subject: Subject;
      record: { id: string; label: string } | null;
      judgement: Judgement;
      trace: Trace;
    }
  | {
      outcome: "rejected";
      reason: "unknown-subject" | "inactive-subject" | "unknown-permission" | "unknown-record";
    };

/**
 * What `authorize` would answer somebody, without doing it: nothing is recorded, counted or
 * shown to them. For whoever may see decisions and the one whom it is about.
 */
export async function simulate(
  caller: Caller,
  { subject: ref, permission: key, record, circumstances }: Simulated,
  catalogue: Catalogue,
): Promise<Simulation> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  const imagined = await imagineVisible(caller, ref, circumstances, catalogue);
  if (imagined.outcome === "unknown") return { outcome: "rejected", reason: "unknown-subject" };
  const permission = permissionNamed(catalogue, key);
  if (permission === undefined) return { outcome: "rejected", reason: "unknown-permission" };
  const { organizationId } = caller.principal;
  const row = await findNamedRecord(catalogue, permission, record, organizationId);
  if (row === "unknown") return { outcome: "rejected", reason: "unknown-record" };
  if (imagined.outcome === "inactive") return { outcome: "rejected", reason: "inactive-subject" };
  const { principal } = imagined.caller;
  const loaded = await readRulesOf(principal, principal.asOf);
  const { judgement, question } = judge(imagined.caller, loaded, permission, row);
  return {
    outcome: "simulated",
    subject: imagined.subject,
    record: row && { id: row.id, label: row.label },
    judgement,
    trace: await explainQuestion(question),
  };
}

/** Whoever is asked about, when the caller may see them; to everybody else they are unknown. */
export async function imagineVisible(
  caller: Caller,
  ref: SubjectRef,
  circumstances: Circumstances,
  catalogue: Catalogue,
): Promise<Imagined> {
  await authorize(caller, ref.type === "user" ? USER_PERMISSIONS.view : ROLE_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const imagined = await imagineCaller(ref, organizationId, circumstances);
  if (imagined.outcome === "unknown" || ref.type === "service") return imagined;
  const row = await sourceOf(catalogue, "User")?.find(imagined.subject.id, organizationId);
  const isVisible =
    row !== undefined && row !== null && (await can(caller, USER_PERMISSIONS.view, row));
  return isVisible ? imagined : { outcome: "unknown" };
}
