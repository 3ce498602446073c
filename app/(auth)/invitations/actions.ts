"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { admitOwn, runAction, runPublicAction } from "@/app/_http/action";
import { INVITATION_ACCEPTED, leaveFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { AcceptForm, ContinueForm } from "@/app/(auth)/invitations/forms.schema";
import { forgetInvitation, keepInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { findSessionSecret, setSessionCookie } from "@/lib/authn/kept-cookie";
import { acceptInvitation } from "@/lib/invitations/accept-invitation";
import { isSecret } from "@/lib/platform/crypto";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import { type FormState, formError } from "@/lib/shared/form-state";
import { accountsPath, HOME_PATH, onTheWayTo, signInPath } from "@/lib/shared/return-to";

const INVITATIONS_PATH = "/invitations";

const WAYS = {
  "sign-in": signInPath(INVITATIONS_PATH),
  "sign-up": onTheWayTo("/sign-up", INVITATIONS_PATH),
  account: accountsPath(INVITATIONS_PATH),
} as const;

/** Keeps the invitation in this browser, and leads to where one becomes who may accept it. */
export async function continueToInvitationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(
    form,
    ContinueForm,
    async ({ token, by }) => {
      if (!isSecret(token)) redirect(INVITATIONS_PATH);
      await keepInvitation(token);
      redirect(WAYS[by]);
    },
    { admit: admitOwn(form) },
  );
}

/**
 * Makes the account in use a member, and goes on in that organization.
 *
 * @needs signed-in It is judged of whoever invited.
 */
export async function acceptInvitationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, AcceptForm, async (caller, { token }) => {
    const result = await acceptInvitation(caller, token);
    if (result.outcome === "rejected") {
      const t = await getTranslations("auth.invitation");
      if (result.reason === "other-account") return formError(t("otherAccount"));
      if (result.reason === "unverified") return formError(t("unverified"));
      if (result.reason === "duty-conflict") return formError(t("dutyConflict"));
      await keepInvitation(token);
      redirect(INVITATIONS_PATH);
    }
    await forgetInvitation();
    const switched = await switchOrganization(
      caller,
      await findSessionSecret(),
      result.organizationId,
    );
    // Where that cannot be, the account has one more to switch to, later.
    if (switched.outcome === "switched") await setSessionCookie(switched.sessionSecret);
    await leaveFlash({ event: INVITATION_ACCEPTED, id: result.organizationId, label: "" });
    revalidatePath("/", "layout");
    redirect(HOME_PATH);
  });
}
