"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import {
  ConflictForm,
  EndWaiverForm,
  NewConflictForm,
  WaiverForm,
} from "@/app/admin/duties/forms.schema";
import { authorityRefusal } from "@/app/admin/refusals";
import { createConflict, deleteConflict } from "@/lib/duties/manage-conflicts";
import { endWaiver, waiveConflict } from "@/lib/duties/waivers";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const DUTIES_PATH = "/admin/duties";

export async function createConflictAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, NewConflictForm, async (caller, input) => {
    const result = await createConflict(caller, input);
    const t = await getTranslations("admin-duties.answers");
    if (result.outcome === "created") {
      revalidatePath(DUTIES_PATH);
      return {
        status: "success",
        message: t("created", { name: input.name }),
      };
    }
    if (result.outcome === "not-found") return formError(t("gone"));
    switch (result.reason) {
      case "duty-name-taken":
        return fieldError("name", t("nameTaken"));
      case "too-many-conflicts":
        return formError(t("tooMany"));
      case "unknown-permission":
        return formError(t("unknownPermission", { keys: result.keys.join(", ") }));
      case "own-waiver":
        return formError(t("inOwnWay"));
      case "stale":
        return formError(t("stale"));
      default:
        return authorityRefusal(result);
    }
  });
}

export async function deleteConflictAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ConflictForm, async (caller, { conflictId }) => {
    const result = await deleteConflict(caller, conflictId);
    const t = await getTranslations("admin-duties.answers");
    revalidatePath(DUTIES_PATH);
    if (result.outcome === "rejected") {
      return result.reason === "own-waiver" ? formError(t("inOwnWay")) : authorityRefusal(result);
    }
    return {
      status: "success",
      message: t(result.outcome === "deleted" ? "deleted" : "goneAlready"),
    };
  });
}

export async function waiveConflictAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, WaiverForm, async (caller, waiver) => {
    const result = await waiveConflict(caller, waiver);
    const t = await getTranslations("admin-duties.answers");
    if (result.outcome === "waived") {
      revalidatePath(DUTIES_PATH);
      return { status: "success", message: t("waived") };
    }
    if (result.outcome === "not-found") return formError(t("gone"));
    switch (result.reason) {
      case "own-waiver":
        return fieldError("user", t("notOneself"));
      case "unknown-user":
        return fieldError("user", t("noMember"));
      default:
        return authorityRefusal(result);
    }
  });
}

export async function endWaiverAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndWaiverForm, async (caller, { waiverId }) => {
    const ended = await endWaiver(caller, waiverId);
    const t = await getTranslations("admin-duties.answers");
    revalidatePath(DUTIES_PATH);
    return {
      status: "success",
      message: t(ended ? "ended" : "overAlready"),
    };
  });
}
