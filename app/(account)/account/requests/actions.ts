"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import {
  AskForm,
  BreakGlassForm,
  RequestForm,
} from "@/app/(account)/account/requests/forms.schema";
import { authorityRefusal } from "@/app/admin/refusals";
import { askForRole, withdrawRequest } from "@/lib/access-requests/ask-for-role";
import { breakGlass, EMERGENCIES_A_DAY_MAX } from "@/lib/access-requests/break-glass";
import { endOwnAccess } from "@/lib/access-requests/end-access";
import { minutes as asSeconds } from "@/lib/shared/duration";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const REQUESTS_PATH = "/account/requests";

const ALREADY_HELD = "You have this role already.";
const NO_ROLE = "There is no such role any more. Reload the page and choose again.";

export async function askForRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AskForm, async (caller, { roleId, reason, minutes, decision }) => {
    const result = await askForRole(caller, {
      roleId,
      reason,
      durationSeconds: asSeconds(minutes),
      decisionId: decision ?? null,
    });
    if (result.outcome === "asked") redirect(REQUESTS_PATH);
    switch (result.reason) {
      case "unknown-role":
        return fieldError("roleId", NO_ROLE);
      case "already-held":
        return fieldError("roleId", ALREADY_HELD);
      case "already-asked":
        return fieldError(
          "roleId",
          "You have asked for this role already, and wait for an answer.",
        );
      case "too-many-requests":
        return formError("You have asked often today. Ask again tomorrow, or talk to somebody.");
    }
  });
}

export async function withdrawRequestAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RequestForm, async (caller, { requestId }) => {
    const withdrawn = await withdrawRequest(caller, requestId);
    revalidatePath(REQUESTS_PATH);
    return withdrawn
      ? { status: "success", message: "The request is withdrawn." }
      : formError("Somebody has answered it, or it is over. Nothing was changed.");
  });
}

export async function endOwnAccessAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RequestForm, async (caller, { requestId }) => {
    const result = await endOwnAccess(caller, requestId);
    // Everything, because the navigation shows what its reader may open.
    revalidatePath("/", "layout");
    if (result.outcome === "ended") {
      return { status: "success", message: `You no longer have the role ${result.roleName}.` };
    }
    if (result.outcome === "not-found" || result.reason === "not-in-force") {
      return formError("It was over already.");
    }
    return authorityRefusal(result);
  });
}

export async function breakGlassAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, BreakGlassForm, async (caller, { roleId, reason, minutes }) => {
    const durationSeconds = asSeconds(minutes);
    const result = await breakGlass(caller, { roleId, reason, durationSeconds });
    if (result.outcome === "given") {
      revalidatePath("/", "layout");
      return {
        status: "success",
        message: `You have the role ${result.roleName}. Everybody who answers requests was told.`,
      };
    }
    switch (result.reason) {
      case "unknown-role":
        return fieldError("roleId", NO_ROLE);
      case "already-held":
        return fieldError("roleId", `${ALREADY_HELD} It cannot be prolonged.`);
      case "too-many-emergencies":
        return formError(
          `Nobody does this more than ${EMERGENCIES_A_DAY_MAX} times a day. Ask for the role instead.`,
        );
      default:
        return authorityRefusal(result);
    }
  });
}
