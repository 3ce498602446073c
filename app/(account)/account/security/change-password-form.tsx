import { useTranslations } from "#translations";
import { changePasswordAction } from "@/app/(account)/account/actions";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";

export function ChangePasswordForm({ email, returnTo }: { email: string; returnTo?: string }) {
  const t = useTranslations("account-security.password");
  return (
    <ActionForm action={changePasswordAction} className="max-w-md" aria-label={t("form")}>
      <input type="hidden" autoComplete="username" defaultValue={email} />
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <PasswordField name="current" label={t("current")} autoComplete="current-password" required />
      <NewPasswordField label={t("new")} email={email} />
      <div>
        <SubmitButton>{t("form")}</SubmitButton>
      </div>
    </ActionForm>
  );
}
