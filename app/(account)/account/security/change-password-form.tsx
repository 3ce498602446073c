import { changePasswordAction } from "@/app/(account)/account/actions";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";

export function ChangePasswordForm({ email, returnTo }: { email: string; returnTo?: string }) {
  return (
    <ActionForm action={changePasswordAction} className="max-w-md" aria-label="Change password">
      <input type="hidden" autoComplete="username" defaultValue={email} />
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <PasswordField
        name="current"
        label="Current password"
        autoComplete="current-password"
        required
      />
      <NewPasswordField label="New password" email={email} />
      <div>
        <SubmitButton>Change password</SubmitButton>
      </div>
    </ActionForm>
  );
}
