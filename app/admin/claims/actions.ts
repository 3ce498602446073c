"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { ClaimForm, NewClaimForm } from "@/app/admin/claims/forms.schema";
import { authorityRefusal } from "@/app/admin/refusals";
import { createClaim, deleteClaim } from "@/lib/oidc/manage-claims";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const CLAIMS_PATH = "/admin/claims";

export async function createClaimAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewClaimForm, async (caller, claim) => {
    const result = await createClaim(caller, claim);
    if (result.outcome === "created") {
      revalidatePath(CLAIMS_PATH);
      return { status: "success", message: `The claim ${claim.name} is added.` };
    }
    switch (result.reason) {
      case "name-taken":
        return fieldError("name", "There is a claim of this name already, for these apps.");
      case "unknown-client":
        return fieldError("clientId", "There is no app with this client id.");
      case "too-many":
        return formError("There are as many claims as there can be.");
      default:
        return authorityRefusal(result);
    }
  });
}

export async function deleteClaimAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ClaimForm, async (caller, { id }) => {
    const deleted = await deleteClaim(caller, id);
    revalidatePath(CLAIMS_PATH);
    return {
      status: "success",
      message: deleted ? "The claim is gone from the next token on." : "It was gone already.",
    };
  });
}
