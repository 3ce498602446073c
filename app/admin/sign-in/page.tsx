import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { changeSignInRulesAction } from "@/app/admin/sign-in/actions";
import { ConfirmLockout, ConfirmOtherNetwork } from "@/components/admin/confirm-lockout";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextAreaField, TextField } from "@/components/form/text-field";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { passkeyModelOf } from "@/lib/credentials/passkey/passkey-models";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { readSignInRules } from "@/lib/organizations/sign-in-rules";
import { smsSender } from "@/lib/platform/sms/sms-senders";

export const metadata: Metadata = { title: "Sign-in rules" };

const LEVELS = [
  { value: "", label: "As the configuration says" },
  { value: "aal1", label: "AAL1: 30 days" },
  { value: "aal2", label: "AAL2: 24 hours, 1 hour idle" },
  { value: "aal3", label: "AAL3: 12 hours, 15 minutes idle" },
];

const NUMBER = {
  type: "number",
  inputMode: "numeric",
  min: 0,
  fieldClassName: "max-w-xs",
} as const;

const whereabouts = (ip: string | null): string =>
  ip === null ? "Where you are now is not known." : `You are at ${ip} now.`;

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
            <CheckboxField
              name="smsAllowed"
              label="Let codes by text message count"
              hint="NIST calls them restricted: whoever takes over a number gets its codes. Off, a telephone is still asked for, but is no second factor."
              defaultChecked={rules.smsAllowed}
            />
            <CheckboxField
              name="riskChecked"
              label="Ask more of an unusual sign-in"
              hint="From a browser and a network that are both new, or after many wrong attempts. It takes a second factor, or a code by mail from who has none."
              defaultChecked={rules.riskChecked}
            />
            {smsSender() === null && (
              <Callout title="Nobody can add a telephone now">
                <p>
                  No text messages are sent: set <code>SMS_WEBHOOK_URL</code> and{" "}
                  <code>SMS_WEBHOOK_SECRET</code>, and start again.
                </p>
              </Callout>
            )}
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
        <Section title="Passkeys">
          <div className="flex flex-col gap-3">
            <TextAreaField
              name="passkeyModels"
              label="Models that may be added"
              hint="Their AAGUIDs, one a line. Empty for any. Passkeys that people have already stay. A model is what the passkey says of itself; one that says nothing is not taken."
              rows={3}
              spellCheck={false}
              defaultValue={rules.passkeyModels.join("\n")}
              optional
            />
            {rules.passkeyModels.length > 0 && (
              <ul className="list-disc pl-5 text-ink-soft text-sm">
                {rules.passkeyModels.map((aaguid) => (
                  <li key={aaguid} className="[overflow-wrap:anywhere]">
                    {passkeyModelOf(aaguid) ?? `${aaguid}, a model without a name here`}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </Section>
        <Section title="Sessions">
          <SelectField
            name="sessionLevel"
            label="How long sessions go on"
            hint="By the levels of NIST SP 800-63B. Idle sessions are kept until their user confirms that it is them."
            fieldClassName="mb-5 max-w-md"
            options={LEVELS}
            defaultValue={rules.sessionLevel ?? ""}
          />
          <TextField
            {...NUMBER}
            name="sessionHoursMax"
            label="Hours until a session is over"
            hint="Counted from its sign-in. The shorter of this and the level above counts. Empty for no further limit."
            className="mb-5"
            max={8760}
            defaultValue={rules.sessionHoursMax ?? ""}
            optional
          />
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
        <Section title="Networks">
          <TextAreaField
            name="networks"
            label="Addresses that the organization is used from"
            hint={`Addresses or ranges such as 192.0.2.0/24 or 2001:db8::/32, one a line. From elsewhere nobody gets further than signing out, neither with a browser nor with a token. Empty for everywhere. ${whereabouts(caller.request.ip)}`}
            rows={4}
            spellCheck={false}
            defaultValue={rules.networks.join("\n")}
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
        <PreviewAnswer />
        <ConfirmLockout />
        <ConfirmOtherNetwork />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Save rules</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </>
  );
}
