"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { ServiceRolesForm } from "@/app/admin/clients/[id]/roles/forms.schema";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import type { FormState } from "@/lib/shared/form-state";

const error = (message: string): FormState => ({ status: "error", message });

export async function assignServiceRolesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ServiceRolesForm, async (caller, { id, roleIds }) => {
    const result = await assignServiceRoles(caller, id, roleIds);
    if (result.outcome === "assigned") {
      revalidatePath(`/admin/clients/${id}/roles`);
      return { status: "success", message: "The roles are saved." };
    }
    if (result.outcome === "not-found") {
      return error("This app does not exist any more: somebody deleted it.");
    }
    switch (result.reason) {
      case "unknown-role":
        return error("One of these roles does not exist any more. Reload the page and try again.");
      case "beyond-own-permissions":
        return error(
          `This reaches beyond what you hold yourself: ${result.missing.join(", ")}. Nothing was changed. Reference: ${result.decisionId}`,
        );
      default:
        return error("This app has no roles of its own.");
    }
  });
}
