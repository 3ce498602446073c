"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { LIST_PATH, policyPath } from "@/app/admin/policies/address";
import { answerBench } from "@/app/admin/policies/bench";
import { BenchForm } from "@/app/admin/policies/bench.schema";
import {
  ActivateForm,
  DeactivateForm,
  DescribePolicyForm,
  NewPolicyForm,
  PolicyForm,
  SaveVersionForm,
  ShadowForm,
} from "@/app/admin/policies/forms.schema";
import { goneState, refusalState } from "@/app/admin/policies/refusals";
import type { BenchState } from "@/components/admin/policies/bench-view";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Translator } from "@/lib/platform/locale/translator";
import { createPolicy } from "@/lib/policies/create-policy";
import { deletePolicy } from "@/lib/policies/delete-policy";
import { describePolicy } from "@/lib/policies/describe-policy";
import { findPolicy } from "@/lib/policies/list-policies";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import { setShadow } from "@/lib/policies/set-shadow";
import type { FormState } from "@/lib/shared/form-state";

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (name: string): string =>
  name.length <= FLASH_LABEL_MAX ? name : `${name.slice(0, FLASH_LABEL_MAX - 1).trim()}…`;

type Answer = Parameters<Translator<"admin-policies.answers">>[0];

/** Everything, because the navigation shows what its reader may open. */
async function changed(
  answer: Answer,
  values: Record<string, string | number> = {},
): Promise<FormState> {
  revalidatePath("/", "layout");
  const t = await getTranslations("admin-policies.answers");
  return { status: "success", message: t(answer, values) };
}

export async function createPolicyAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewPolicyForm, async (caller, input) => {
    const result = await createPolicy(caller, input);
    if (result.outcome !== "created") return refusalState(result);
    const { id, name } = result.policy;
    await leaveFlash({ event: "policy.created", id, label: flashLabel(name) });
    redirect(policyPath(id));
  });
}

export async function saveVersionAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, SaveVersionForm, async (caller, { id, version, confirm, content }) => {
    const terms = { expectedVersion: version, confirmed: confirm };
    const result = await saveVersion(caller, id, content, terms);
    if (result.outcome !== "saved") return refusalState(result);
    return changed("versionSaved", { number: result.number });
  });
}

export async function describePolicyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, DescribePolicyForm, async (caller, input) => {
    const { id, version, confirm, name, description } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const result = await describePolicy(caller, id, { name, description }, terms);
    if (result.outcome !== "changed") return refusalState(result);
    return changed("saved", { name: result.policy.name });
  });
}

export async function activateVersionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ActivateForm, async (caller, input) => {
    const { id, version, confirm, number, intent } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => activateVersion(caller, id, number, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "changed") return refusalState(result);
    return changed("inForce", { number, name: result.policy.name });
  });
}

export async function deactivatePolicyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, DeactivateForm, async (caller, { id, version, confirm, intent }) => {
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => deactivatePolicy(caller, id, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "changed") return refusalState(result);
    return changed("outOfForce", { name: result.policy.name });
  });
}

export async function setShadowAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ShadowForm, async (caller, { id, version, confirm, number }) => {
    const terms = { expectedVersion: version, confirmed: confirm };
    const result = await setShadow(caller, id, number ?? null, terms);
    if (result.outcome !== "changed") return refusalState(result);
    return number === undefined ? changed("shadowEnded") : changed("inShadow", { number });
  });
}

export async function deletePolicyAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, PolicyForm, async (caller, { id, version, confirm }) => {
    const details = await findPolicy(caller, id);
    if (details === null) return goneState();
    const terms = { expectedVersion: version, confirmed: confirm };
    const result = await deletePolicy(caller, id, terms);
    if (result.outcome !== "deleted") return refusalState(result);
    const label = flashLabel(details.policy.name);
    await leaveFlash({ event: "policy.deleted", id, label });
    revalidatePath("/", "layout");
    redirect(LIST_PATH);
  });
}

/** @needs view_policies Everything else is asked of whom it is tried on. */
export async function tryPolicyAction(_previous: BenchState, form: FormData): Promise<BenchState> {
  return runAction(form, BenchForm, answerBench);
}
