"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { LeaveForm, OrganizationForm } from "@/app/(account)/account/organizations/forms.schema";
import { findSessionSecret, setSessionCookie } from "@/lib/authn/kept-cookie";
import type { Probe } from "@/lib/authz/impact/probe";
import { leaveOrganization } from "@/lib/memberships/leave-organization";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import type { Caller } from "@/lib/shared/caller";
import type { FormState } from "@/lib/shared/form-state";
import { formError } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";

const ORGANIZATIONS_PATH = "/account/organizations";

/** Goes on in another organization; what is open elsewhere in this browser is told so. */
export async function switchOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, OrganizationForm, switchTo, { during: "single-sign-on" });
}

/** Also for whom one organization asks to come another way: that keeps nobody out of the others. */
async function switchTo(caller: Caller, { id }: { id: string }): Promise<FormState> {
  const result = await switchOrganization(caller, await findSessionSecret(), id);
  if (result.outcome === "not-found") {
    const t = await getTranslations("account.organizations");
    return formError(t("noMember"));
  }
  if (result.outcome === "switched") await setSessionCookie(result.sessionSecret);
  revalidatePath("/", "layout");
  redirect(HOME_PATH);
}

/** @needs signed-in Who gives up their own membership asks nobody. */
export async function leaveOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, LeaveForm, async (caller, { id, intent }) => {
    const leave = (probe?: Probe) => leaveOrganization(caller, id, probe);
    const result = await (intent
      ? previewChange(caller, leave, { userIds: [caller.principal.userId] })
      : leave());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome === "rejected") {
      const t = await getTranslations("account.organizations");
      switch (result.reason) {
        case "last-administrator":
          return formError(t("lastAdministrator"));
        case "only-membership":
          return formError(t("only"));
        case "confirmation-required":
        case "duty-conflict":
          return formError(t("unchanged"));
      }
    }
    revalidatePath("/", "layout");
    // The session was in it, and has ended with the membership.
    if (id === caller.principal.organizationId) redirect("/sign-in");
    if (result.outcome === "left") await leaveFlash({ event: "organization.left", id, label: "" });
    redirect(ORGANIZATIONS_PATH);
  });
}
