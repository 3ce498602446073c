"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { OrganizationForm } from "@/app/(account)/account/organizations/forms.schema";
import { findSessionSecret, setSessionCookie } from "@/lib/authn/kept-cookie";
import { leaveOrganization } from "@/lib/memberships/leave-organization";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import type { FormState } from "@/lib/shared/form-state";
import { formError } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";

const ORGANIZATIONS_PATH = "/account/organizations";

const NO_MEMBER =
  "You are no member of it any more, or its rules do not take a session this old or from this network. Nothing was changed.";

/** Goes on in another organization; what is open elsewhere in this browser is told so. */
export async function switchOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, OrganizationForm, async (caller, { id }) => {
    const result = await switchOrganization(caller, await findSessionSecret(), id);
    if (result.outcome === "not-found") return formError(NO_MEMBER);
    if (result.outcome === "switched") await setSessionCookie(result.sessionSecret);
    revalidatePath("/", "layout");
    redirect(HOME_PATH);
  });
}

export async function leaveOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, OrganizationForm, async (caller, { id }) => {
    const result = await leaveOrganization(caller, id);
    if (result.outcome === "rejected") {
      switch (result.reason) {
        case "last-administrator":
          return formError(
            "Nobody could manage its members without you. Let somebody else do that first.",
          );
        case "only-membership":
          return formError("It is your only organization: without one nobody can sign in.");
        case "confirmation-required":
        case "duty-conflict":
          return formError("Nothing was changed. Try again.");
      }
    }
    revalidatePath("/", "layout");
    // The session was in it, and has ended with the membership.
    if (id === caller.principal.organizationId) redirect("/sign-in");
    if (result.outcome === "left") await leaveFlash({ event: "organization.left", id, label: "" });
    redirect(ORGANIZATIONS_PATH);
  });
}
