import { notFound } from "next/navigation";
import { getTranslations, titled } from "@/app/_locale/translations";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { setupAction } from "@/app/(auth)/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { isValidSetupToken, setupIsOpen } from "@/lib/authn/first-administrator";

export const generateMetadata = titled("auth.setup", { referrer: "no-referrer" });

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetupPage({ searchParams }: Search) {
  if (!(await setupIsOpen())) notFound();
  const { token } = await searchParams;
  const t = await getTranslations("auth.setup");
  const fields = await getTranslations("auth.fields");
  if (!(await isValidSetupToken(token))) {
    return (
      <AuthShell title={t("linkNeeded")} description={t("linkNeededText")}>
        <p className="text-ink-soft text-sm">{t("where")}</p>
      </AuthShell>
    );
  }
  return (
    <AuthShell title={t("become")} description={t("becomeText")}>
      <ActionForm action={setupAction} aria-label={t("become")}>
        <input type="hidden" name="token" value={String(token)} />
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
          required
        />
        <NewPasswordField />
        <SubmitButton>{t("create")}</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
