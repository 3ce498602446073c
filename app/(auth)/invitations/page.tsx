import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import {
  acceptInvitationAction,
  continueToInvitationAction,
} from "@/app/(auth)/invitations/actions";
import { findKeptInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { ButtonLink } from "@/components/ui/button";
import { NAMED } from "@/components/ui/name";
import { inspectInvitation } from "@/lib/invitations/accept-invitation";
import { maskAddress } from "@/lib/shared/mask-address";
import { HOME_PATH } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.invitation");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the link of an invitation leads, and where it is come back to from a sign-in (F82). */
export default async function InvitationPage({ searchParams }: Search) {
  const { token: asked } = await searchParams;
  const token = asked ?? (await findKeptInvitation());
  const caller = await findCaller();
  const invitation = await inspectInvitation(token, caller?.principal ?? null);
  const t = await getTranslations("auth.invitation");
  const links = await getTranslations("auth.links");
  if (invitation.state !== "pending") {
    const title = t(`spent.${invitation.state}.title`);
    const description = t(`spent.${invitation.state}.text`);
    return (
      <BrandedShell title={title} description={description}>
        <div>
          <ButtonLink href={caller === null ? "/sign-in" : HOME_PATH} variant="primary">
            {links(caller === null ? "goToSignIn" : "goToAccount")}
          </ButtonLink>
        </div>
      </BrandedShell>
    );
  }
  const { email, organizationId, organizationName, standing } = invitation;
  const names = { ...NAMED, organization: organizationName };
  const secret = <input type="hidden" name="token" value={String(token)} />;
  if (caller === null || standing === "signed-out") {
    return (
      <BrandedShell
        organizationId={organizationId}
        title={t("invited")}
        description={t.rich("signedOutText", { ...names, email: maskAddress(email) })}
      >
        <ActionForm action={continueToInvitationAction} aria-label={t("goOn")}>
          {secret}
          <SubmitButton name="by" value="sign-in">
            {links("signIn")}
          </SubmitButton>
          <SubmitButton name="by" value="sign-up" variant="secondary">
            {t("createAccount")}
          </SubmitButton>
        </ActionForm>
      </BrandedShell>
    );
  }
  const account = drawnFor(caller.principal);
  if (standing === "theirs") {
    return (
      <BrandedShell
        organizationId={organizationId}
        title={t("invited")}
        description={t.rich("theirsText", { ...names, email })}
      >
        <FormAccount account={account}>
          <ActionForm action={acceptInvitationAction} aria-label={t("acceptForm")}>
            {secret}
            <SubmitButton>{t("accept")}</SubmitButton>
            <ButtonLink href={HOME_PATH} variant="ghost">
              {t("notNow")}
            </ButtonLink>
          </ActionForm>
        </FormAccount>
      </BrandedShell>
    );
  }
  return (
    <BrandedShell
      organizationId={organizationId}
      title={t(standing === "unverified" ? "confirmFirst" : "another")}
      description={
        standing === "unverified"
          ? t.rich("confirmFirstText", names)
          : t.rich("anotherText", {
              ...NAMED,
              email: maskAddress(email),
              own: caller.principal.email,
            })
      }
    >
      {standing === "unverified" ? (
        <div>
          <ButtonLink href="/reset-password" variant="primary">
            {t("askForLink")}
          </ButtonLink>
        </div>
      ) : (
        <FormAccount account={account}>
          <ActionForm action={continueToInvitationAction} aria-label={links("useAnother")}>
            {secret}
            <SubmitButton name="by" value="account">
              {links("useAnother")}
            </SubmitButton>
            <ButtonLink href={HOME_PATH} variant="ghost">
              {t("stay")}
            </ButtonLink>
          </ActionForm>
        </FormAccount>
      )}
    </BrandedShell>
  );
}
