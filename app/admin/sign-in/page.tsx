import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { changeSignInRulesAction } from "@/app/admin/sign-in/actions";
import { ConfirmLockout } from "@/components/admin/confirm-lockout";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { readSignInRules } from "@/lib/organizations/sign-in-rules";

export const metadata: Metadata = { title: "Sign-in rules" };

const NUMBER = {
  type: "number",
  inputMode: "numeric",
  min: 0,
  fieldClassName: "max-w-xs",
} as const;

export default async function SignInRulesPage() {
  const caller = await requirePermission("/admin/sign-in", ORGANIZATION_PERMISSIONS.manageSignIn);
  const { rules, version } = await answerDenials(() => readSignInRules(caller));
  return (
    <>
      <PageHeader
        title="Sign-in rules"
        description="What a sign-in asks for. A change holds from everybody's next request."
      />
      <ActionForm
        action={changeSignInRulesAction}
        className="max-w-3xl gap-6"
        aria-label="Sign-in rules"
      >
        <input type="hidden" name="version" value={version} />
        <Section title="Second factor">
          <div className="flex flex-col gap-5">
            <CheckboxField
              name="mfaRequired"
              label="Ask every member for a second factor"
              hint="Who has none is led to one before anything else. A role can ask for it too."
              defaultChecked={rules.mfaRequired}
            />
            <CheckboxField
              name="adminMfaRequired"
              label="Ask for it in administration"
              hint="Always proven there, also on a trusted device."
              defaultChecked={rules.adminMfaRequired}
            />
            <TextField
              {...NUMBER}
              name="trustedDeviceDays"
              label="Days a device can be trusted"
              hint="So long it is not asked for the second factor. 0 trusts none."
              max={365}
              defaultValue={rules.trustedDeviceDays}
              required
            />
          </div>
        </Section>
        <Section title="Sessions">
          <TextField
            {...NUMBER}
            name="sessionsMax"
            label="Sessions at once"
            hint="A further sign-in ends the oldest. Empty for any number."
            max={100}
            defaultValue={rules.sessionsMax ?? ""}
            optional
          />
        </Section>
        <Section title="Passwords">
          <div className="flex flex-col gap-5">
            <TextField
              {...NUMBER}
              name="passwordHistory"
              label="Passwords that may not come back"
              hint="The present one counts. 0 remembers none."
              max={24}
              defaultValue={rules.passwordHistory}
              required
            />
            <TextField
              {...NUMBER}
              name="passwordMaxAgeDays"
              label="Days until a password expires"
              hint="Empty for never, which is what NIST advises: people choose worse ones under pressure."
              max={3650}
              defaultValue={rules.passwordMaxAgeDays ?? ""}
              optional
            />
          </div>
        </Section>
        <ConfirmLockout />
        <div>
          <SubmitButton>Save rules</SubmitButton>
        </div>
      </ActionForm>
    </>
  );
}
