import { redirect } from "next/navigation";
import { Fragment } from "react";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { signUpAction } from "@/app/(auth)/actions";
import { BrandedShell, NamedOrganizationField } from "@/app/(auth)/branded-shell";
import { findInvitedAddress } from "@/app/(auth)/invitations/invited-address";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { linkTo, TextLink } from "@/components/ui/text-link";
import { getConfig } from "@/lib/platform/config";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";
import { listDocumentsInForce } from "@/lib/terms/accept-terms";

export const generateMetadata = titled("auth.signUp");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignUpPage({ searchParams }: Search) {
  const { returnTo: asked, org } = await searchParams;
  const returnTo = safeReturnTo(asked);
  if ((await findCaller()) !== null) redirect(returnTo);
  const t = await getTranslations("auth.signUp");
  const fields = await getTranslations("auth.fields");
  const footer = t.rich("haveAccount", {
    ...linkTo(onTheWayTo("/sign-in", returnTo, org)),
  });
  const invited = await findInvitedAddress();
  const { signUp } = getConfig();
  if (signUp === "closed" || (signUp === "invite" && invited === null)) {
    return (
      <BrandedShell org={org} title={t("closed")} footer={footer}>
        <p className="text-ink-soft text-sm">{t("closedText")}</p>
      </BrandedShell>
    );
  }
  const documents = await listDocumentsInForce();
  return (
    <BrandedShell org={org} title={t("title")} footer={footer}>
      <ActionForm action={signUpAction} aria-label={t("title")}>
        <input type="hidden" name="returnTo" value={returnTo} />
        <NamedOrganizationField org={org} />
        <TextField
          name="name"
          label={fields("name")}
          autoComplete="name"
          maxLength={100}
          optional
        />
        <TextField
          name="email"
          label={fields("email")}
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={invited ?? undefined}
          hint={invited === null ? undefined : t("invitedAddress")}
          required
        />
        <NewPasswordField />
        {documents.length > 0 && (
          <p className="text-ink-soft text-sm">
            {t.rich("terms", {
              documents: () =>
                documents.map(({ document, title }, index) => (
                  <Fragment key={document}>
                    {index > 0 && ", "}
                    <TextLink href={`/legal/${document}`}>{title}</TextLink>
                  </Fragment>
                )),
            })}
          </p>
        )}
        <SubmitButton>{t("title")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
