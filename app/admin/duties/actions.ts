"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
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
const IN_OWN_WAY =
  "You hold one side of it yourself, and nobody waives this for themselves. Somebody else has to.";
const GONE = "This conflict does not exist any more: somebody deleted it.";

export async function createConflictAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, NewConflictForm, async (caller, input) => {
    const result = await createConflict(caller, input);
    if (result.outcome === "created") {
      revalidatePath(DUTIES_PATH);
      return {
        status: "success",
        message: `Nobody comes to hold both sides of “${input.name}” from now on.`,
      };
    }
    if (result.outcome === "not-found") return formError(GONE);
    switch (result.reason) {
      case "duty-name-taken":
        return fieldError("name", "There is a conflict of this name already.");
      case "too-many-conflicts":
        return formError("There are as many conflicts as there can be. Delete one first.");
      case "unknown-permission":
        return formError(`There is no permission ${result.keys.join(", ")} any more.`);
      case "own-waiver":
        return formError(IN_OWN_WAY);
      case "stale":
        return formError("Somebody changed it meanwhile. Reload the page.");
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
    revalidatePath(DUTIES_PATH);
    if (result.outcome === "rejected") {
      return result.reason === "own-waiver" ? formError(IN_OWN_WAY) : authorityRefusal(result);
    }
    return {
      status: "success",
      message: result.outcome === "deleted" ? "The conflict is deleted." : "It was gone already.",
    };
  });
}

export async function waiveConflictAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, WaiverForm, async (caller, waiver) => {
    const result = await waiveConflict(caller, waiver);
    if (result.outcome === "waived") {
      revalidatePath(DUTIES_PATH);
      return { status: "success", message: "The waiver holds from now on." };
    }
    if (result.outcome === "not-found") return formError(GONE);
    switch (result.reason) {
      case "own-waiver":
        return fieldError("user", "Nobody waives this for themselves. Somebody else has to.");
      case "unknown-user":
        return fieldError("user", "Your organization has no member with this address.");
      default:
        return authorityRefusal(result);
    }
  });
}

export async function endWaiverAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndWaiverForm, async (caller, { waiverId }) => {
    const ended = await endWaiver(caller, waiverId);
    revalidatePath(DUTIES_PATH);
    return {
      status: "success",
      message: ended
        ? "The waiver is over. What they hold, they still hold."
        : "It was over already.",
    };
  });
}
