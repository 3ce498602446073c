"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { ServiceRolesForm } from "@/app/admin/clients/[id]/roles/forms.schema";
import { clientPath } from "@/app/admin/clients/address";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
import type { Probe } from "@/lib/authz/impact/probe";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import { type FormState, formError } from "@/lib/shared/form-state";

export async function assignServiceRolesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ServiceRolesForm, async (caller, { id, roleIds, intent }) => {
    const save = (probe?: Probe) => assignServiceRoles(caller, id, roleIds, probe);
    const result = await (intent ? previewChange(caller, save, { clientIds: [id] }) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    const t = await getTranslations("admin-clients.roles");
    if (result.outcome === "assigned") {
      revalidatePath(`${clientPath(id)}/roles`);
      return { status: "success", message: t("saved") };
    }
    if (result.outcome === "not-found") return formError(t("gone"));
    switch (result.reason) {
      case "unknown-role":
        return unknownRole();
      case "beyond-own-permissions":
      case "duty-conflict":
        return authorityRefusal(result);
      default:
        return formError(t("none"));
    }
  });
}
