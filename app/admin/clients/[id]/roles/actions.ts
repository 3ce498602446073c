"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { ServiceRolesForm } from "@/app/admin/clients/[id]/roles/forms.schema";
import { clientPath } from "@/app/admin/clients/address";
import { authorityRefusal, UNKNOWN_ROLE } from "@/app/admin/refusals";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import { type FormState, formError } from "@/lib/shared/form-state";

export async function assignServiceRolesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ServiceRolesForm, async (caller, { id, roleIds }) => {
    const result = await assignServiceRoles(caller, id, roleIds);
    if (result.outcome === "assigned") {
      revalidatePath(`${clientPath(id)}/roles`);
      return { status: "success", message: "The roles are saved." };
    }
    if (result.outcome === "not-found") {
      return formError("This app does not exist any more: somebody deleted it.");
    }
    switch (result.reason) {
      case "unknown-role":
        return formError(UNKNOWN_ROLE);
      case "beyond-own-permissions":
      case "duty-conflict":
        return authorityRefusal(result);
      default:
        return formError("This app has no roles of its own.");
    }
  });
}
