import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { confirmEmailAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { findReturnTo, findSignUpBrowser } from "@/app/(auth)/browser-cookies";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { NAMED } from "@/components/ui/name";
import { linkTo } from "@/components/ui/text-link";
import { inspectRegistrationLink } from "@/lib/authn/confirm-registration";
import { onTheWayTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.verify");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function VerifyEmailPage({ searchParams }: Search) {
  const { token } = await searchParams;
  const t = await getTranslations("auth.verify");
  const signUp = onTheWayTo("/sign-up", await findReturnTo());
  if (token === undefined) {
    return (
      <BrandedShell
        title={t("look")}
        description={t("sent")}
        footer={t.rich("nothingThere", {
          ...linkTo(signUp),
        })}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  const link = await inspectRegistrationLink(token, await findSignUpBrowser());
  if (link.state !== "pending") {
    return <SpentLink state={link.state} again={{ href: signUp, label: t("again") }} />;
  }
  return (
    <BrandedShell
      title={t("title")}
      description={t.rich(link.proof === "browser" ? "yours" : "otherBrowser", {
        ...NAMED,
        email: link.email,
      })}
    >
      <ActionForm action={confirmEmailAction} aria-label={t("confirm")}>
        <input type="hidden" name="token" value={String(token)} />
        {link.proof === "password" && (
          <PasswordField
            name="password"
            label={(await getTranslations("auth.fields"))("password")}
            autoComplete="current-password"
            required
          />
        )}
        <SubmitButton>{t("confirm")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
