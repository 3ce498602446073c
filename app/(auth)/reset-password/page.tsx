import { getTranslations, titled } from "@/app/_locale/translations";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { requestResetAction, resetPasswordAction } from "@/app/(auth)/actions";
import { BrandedShell, NamedOrganizationField } from "@/app/(auth)/branded-shell";
import { findReturnTo } from "@/app/(auth)/browser-cookies";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { NAMED } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";
import { inspectResetLink } from "@/lib/authn/reset-password";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.reset");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ResetPasswordPage({ searchParams }: Search) {
  const { token, sent, returnTo: asked, org } = await searchParams;
  if (token !== undefined) return <ChoosePassword token={token} />;
  // A mail that leads here says nothing: this browser may know where it was on its way.
  const returnTo = asked === undefined ? await findReturnTo() : safeReturnTo(asked);
  const t = await getTranslations("auth.reset");
  const shared = await getTranslations("auth");
  const footer = (
    <TextLink href={onTheWayTo("/sign-in", returnTo, org)}>{shared("links.backToSignIn")}</TextLink>
  );
  if (sent !== undefined) {
    return (
      <BrandedShell org={org} title={t("look")} description={t("sent")} footer={footer}>
        <ReadMailHint />
      </BrandedShell>
    );
  }
  return (
    <BrandedShell org={org} title={t("forgot")} description={t("forgotText")} footer={footer}>
      <ActionForm action={requestResetAction} aria-label={t("ask")}>
        <input type="hidden" name="returnTo" value={returnTo} />
        <NamedOrganizationField org={org} />
        <TextField
          name="email"
          label={shared("fields.email")}
          type="email"
          autoComplete="username"
          inputMode="email"
          required
        />
        <SubmitButton>{t("send")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}

async function ChoosePassword({ token }: { token: string | string[] }) {
  const link = await inspectResetLink(token);
  const t = await getTranslations("auth.reset");
  if (link.state !== "pending") {
    const again = { href: "/reset-password", label: t("askAgain") };
    return <SpentLink state={link.state} again={again} />;
  }
  const invited = link.purpose === "invitation";
  return (
    <BrandedShell
      title={t(invited ? "choose" : "title")}
      description={t.rich(invited ? "invited" : "for", { ...NAMED, email: link.email })}
    >
      <ActionForm action={resetPasswordAction} aria-label={t("choose")}>
        <input type="hidden" name="token" value={String(token)} />
        <input type="hidden" autoComplete="username" defaultValue={link.email} />
        <NewPasswordField label={invited ? undefined : t("new")} email={link.email} />
        <SubmitButton>{t(invited ? "set" : "change")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
