"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
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

const answers = () => getTranslations("account-requests.answers");

/** @needs signed-in It is judged of others whether they could approve. */
export async function askForRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AskForm, async (caller, { roleId, reason, minutes, decision }) => {
    const result = await askForRole(caller, {
      roleId,
      reason,
      durationSeconds: asSeconds(minutes),
      decisionId: decision ?? null,
    });
    if (result.outcome === "asked") redirect(REQUESTS_PATH);
    const t = await answers();
    switch (result.reason) {
      case "unknown-role":
        return fieldError("roleId", t("noRole"));
      case "already-held":
        return fieldError("roleId", t("alreadyHeld"));
      case "already-asked":
        return fieldError("roleId", t("alreadyAsked"));
      case "too-many-requests":
        return formError(t("tooMany"));
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
    const t = await answers();
    return withdrawn ? { status: "success", message: t("isWithdrawn") } : formError(t("answered"));
  });
}

export async function endOwnAccessAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RequestForm, async (caller, { requestId }) => {
    const result = await endOwnAccess(caller, requestId);
    // Everything, because the navigation shows what its reader may open.
    revalidatePath("/", "layout");
    const t = await answers();
    if (result.outcome === "ended") {
      return { status: "success", message: t("ended", { role: result.roleName }) };
    }
    if (result.outcome === "not-found" || result.reason === "not-in-force") {
      return formError(t("wasOver"));
    }
    return authorityRefusal(result);
  });
}

export async function breakGlassAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, BreakGlassForm, async (caller, { roleId, reason, minutes }) => {
    const durationSeconds = asSeconds(minutes);
    const result = await breakGlass(caller, { roleId, reason, durationSeconds });
    const t = await answers();
    if (result.outcome === "given") {
      revalidatePath("/", "layout");
      return { status: "success", message: t("given", { role: result.roleName }) };
    }
    switch (result.reason) {
      case "unknown-role":
        return fieldError("roleId", t("noRole"));
      case "already-held":
        return fieldError("roleId", t("notProlonged"));
      case "too-many-emergencies":
        return formError(t("tooManyEmergencies", { count: EMERGENCIES_A_DAY_MAX }));
      default:
        return authorityRefusal(result);
    }
  });
}
