"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { ClaimForm, NewClaimForm } from "@/app/admin/claims/forms.schema";
import { authorityRefusal } from "@/app/admin/refusals";
import { createClaim, deleteClaim } from "@/lib/oidc/manage-claims";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const CLAIMS_PATH = "/admin/claims";

export async function createClaimAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewClaimForm, async (caller, claim) => {
    const result = await createClaim(caller, claim);
    const t = await getTranslations("admin-claims.said");
    if (result.outcome === "created") {
      revalidatePath(CLAIMS_PATH);
      return { status: "success", message: t("added", { name: claim.name }) };
    }
    switch (result.reason) {
      case "name-taken":
        return fieldError("name", t("nameTaken"));
      case "unknown-client":
        return fieldError("clientId", t("unknownClient"));
      case "too-many":
        return formError(t("tooMany"));
      default:
        return authorityRefusal(result);
    }
  });
}

export async function deleteClaimAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ClaimForm, async (caller, { id }) => {
    const deleted = await deleteClaim(caller, id);
    const t = await getTranslations("admin-claims.said");
    revalidatePath(CLAIMS_PATH);
    return { status: "success", message: t(deleted ? "removed" : "goneAlready") };
  });
}
