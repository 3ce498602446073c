"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal } from "@/app/admin/refusals";
import {
  AcknowledgeForm,
  ApproveForm,
  EndForm,
  ReviewForm,
} from "@/app/admin/requests/forms.schema";
import { acknowledgeEmergency } from "@/lib/access-requests/break-glass";
import { endAccess } from "@/lib/access-requests/end-access";
import {
  approveRequest,
  denyRequest,
  listRequesters,
  type ReviewRefusal,
} from "@/lib/access-requests/review-request";
import type { Probe } from "@/lib/authz/impact/probe";
import { type FormState, formError } from "@/lib/shared/form-state";

/** Everything, because the navigation counts what waits. */
const revalidate = () => revalidatePath("/", "layout");

const answers = () => getTranslations("admin-requests.answers");

async function refusalState(refusal: ReviewRefusal): Promise<FormState> {
  const t = await answers();
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "decided":
    case "already-held":
    case "requester-gone":
      return formError(t(refusal.reason));
    case "own-request":
      return formError(t("own-request", { reference: refusal.decisionId }));
    default:
      return authorityRefusal(refusal);
  }
}

export async function approveRequestAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ApproveForm, async (caller, { requestId, note, intent }) => {
    const approve = (probe?: Probe) => approveRequest(caller, requestId, note, probe);
    const result = await (intent
      ? previewChange(caller, approve, { userIds: await listRequesters(caller, requestId) })
      : approve());
    if (result.outcome === "previewed") return impactState(result.impact);
    revalidate();
    const t = await answers();
    if (result.outcome === "approved") {
      const { userEmail: email, roleName: role } = result;
      return { status: "success", message: t("isApproved", { email, role }) };
    }
    return result.outcome === "denied" ? formError(t("wasDenied")) : refusalState(result);
  });
}

export async function denyRequestAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { requestId, note }) => {
    const result = await denyRequest(caller, requestId, note);
    revalidate();
    const t = await answers();
    if (result.outcome === "denied") {
      return { status: "success", message: t("isDenied", { email: result.userEmail }) };
    }
    return result.outcome === "approved" ? formError(t("wasApproved")) : refusalState(result);
  });
}

export async function acknowledgeEmergencyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, AcknowledgeForm, async (caller, { requestId, note }) => {
    const result = await acknowledgeEmergency(caller, requestId, note);
    revalidate();
    return result.outcome === "acknowledged"
      ? { status: "success", message: (await answers())("isAcknowledged") }
      : refusalState(result);
  });
}

export async function endAccessAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndForm, async (caller, { requestId, intent }) => {
    const end = (probe?: Probe) => endAccess(caller, requestId, probe);
    const result = await (intent
      ? previewChange(caller, end, { userIds: await listRequesters(caller, requestId) })
      : end());
    if (result.outcome === "previewed") return impactState(result.impact);
    revalidate();
    const t = await answers();
    if (result.outcome === "ended") {
      const { userEmail: email, roleName: role } = result;
      return { status: "success", message: t("isEnded", { email, role }) };
    }
    if (result.outcome === "not-found" || result.reason === "not-in-force") {
      return formError(t("wasOver"));
    }
    return authorityRefusal(result);
  });
}
