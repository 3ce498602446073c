"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
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

function refusalState(refusal: ReviewRefusal): FormState {
  if (refusal.outcome === "not-found") return formError("This request does not exist any more.");
  switch (refusal.reason) {
    case "decided":
      return formError("Somebody was faster, or it was withdrawn. Nothing was changed.");
    case "already-held":
      return formError("They have this role for good already. Deny the request.");
    case "requester-gone":
      return formError("Whoever asked is disabled, or no member any more. Deny the request.");
    case "own-request":
      return formError(
        `Nobody answers what they asked for themselves. Reference: ${refusal.decisionId}`,
      );
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
      ? previewChange(caller, approve, await listRequesters(caller, requestId))
      : approve());
    if (result.outcome === "previewed") return impactState(result.impact);
    revalidate();
    return result.outcome === "approved"
      ? { status: "success", message: `${result.userEmail} has the role ${result.roleName} now.` }
      : result.outcome === "denied"
        ? formError("The request was denied.")
        : refusalState(result);
  });
}

export async function denyRequestAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { requestId, note }) => {
    const result = await denyRequest(caller, requestId, note);
    revalidate();
    return result.outcome === "denied"
      ? { status: "success", message: `The request of ${result.userEmail} is denied.` }
      : result.outcome === "approved"
        ? formError("The request was approved.")
        : refusalState(result);
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
      ? { status: "success", message: "It is acknowledged." }
      : refusalState(result);
  });
}

export async function endAccessAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndForm, async (caller, { requestId }) => {
    const result = await endAccess(caller, requestId);
    revalidate();
    if (result.outcome === "ended") {
      return {
        status: "success",
        message: `${result.userEmail} no longer has the role ${result.roleName}.`,
      };
    }
    if (result.outcome === "not-found" || result.reason === "not-in-force") {
      return formError("It was over already.");
    }
    return authorityRefusal(result);
  });
}
