import type { ReactNode } from "react";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
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
import { listConnectionsInto } from "@/lib/federation/connections";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { readSignInRules } from "@/lib/organizations/sign-in-rules";
import { smsSender } from "@/lib/platform/sms/sms-senders";

export const generateMetadata = titled("admin-sign-in");

const LEVELS = ["aal1", "aal2", "aal3"] as const;
const VARIABLES = { code: (words: ReactNode) => <code>{words}</code> };

const NUMBER = {
  type: "number",
  inputMode: "numeric",
  min: 0,
  fieldClassName: "max-w-xs",
} as const;

export default async function SignInRulesPage() {
  const caller = await requirePermission("/admin/sign-in", ORGANIZATION_PERMISSIONS.manageSignIn);
  const { rules, version } = await answerDenials(() => readSignInRules(caller));
  const connections = await listConnectionsInto(caller.principal.organizationId);
  const t = await getTranslations("admin-sign-in");
  const { ip } = caller.request;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <ActionForm
        action={changeSignInRulesAction}
        className="max-w-3xl gap-6"
        aria-label={t("title")}
      >
        <input type="hidden" name="version" value={version} />
        <Section title={t("factor.title")}>
          <div className="flex flex-col gap-5">
            <CheckboxField
              name="mfaRequired"
              label={t("factor.mfaRequired")}
              hint={t("factor.mfaRequiredHint")}
              defaultChecked={rules.mfaRequired}
            />
            <CheckboxField
              name="adminMfaRequired"
              label={t("factor.adminMfaRequired")}
              hint={t("factor.adminMfaRequiredHint")}
              defaultChecked={rules.adminMfaRequired}
            />
            <CheckboxField
              name="smsAllowed"
              label={t("factor.smsAllowed")}
              hint={t("factor.smsAllowedHint")}
              defaultChecked={rules.smsAllowed}
            />
            <CheckboxField
              name="riskChecked"
              label={t("factor.riskChecked")}
              hint={t("factor.riskCheckedHint")}
              defaultChecked={rules.riskChecked}
            />
            {smsSender() === null && (
              <Callout title={t("factor.noSms")}>
                <p>{t.rich("factor.noSmsText", VARIABLES)}</p>
              </Callout>
            )}
            <TextField
              {...NUMBER}
              name="trustedDeviceDays"
              label={t("factor.trustedDeviceDays")}
              hint={t("factor.trustedDeviceDaysHint")}
              max={365}
              defaultValue={rules.trustedDeviceDays}
              required
            />
          </div>
        </Section>
        <Section title={t("passkeys.title")}>
          <div className="flex flex-col gap-3">
            <TextAreaField
              name="passkeyModels"
              label={t("passkeys.models")}
              hint={t("passkeys.modelsHint")}
              rows={3}
              spellCheck={false}
              defaultValue={rules.passkeyModels.join("\n")}
              optional
            />
            {rules.passkeyModels.length > 0 && (
              <ul className="list-disc ps-5 text-ink-soft text-sm">
                {rules.passkeyModels.map((aaguid) => (
                  <li key={aaguid} className="[overflow-wrap:anywhere]">
                    {passkeyModelOf(aaguid) ?? t("passkeys.unnamed", { aaguid })}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </Section>
        <Section title={t("sessions.title")}>
          <SelectField
            name="sessionLevel"
            label={t("sessions.level")}
            hint={t("sessions.levelHint")}
            fieldClassName="mb-5 max-w-md"
            options={[
              { value: "", label: t("sessions.levels.configuration") },
              ...LEVELS.map((value) => ({ value, label: t(`sessions.levels.${value}`) })),
            ]}
            defaultValue={rules.sessionLevel ?? ""}
          />
          <TextField
            {...NUMBER}
            name="sessionHoursMax"
            label={t("sessions.hoursMax")}
            hint={t("sessions.hoursMaxHint")}
            className="mb-5"
            max={8760}
            defaultValue={rules.sessionHoursMax ?? ""}
            optional
          />
          <TextField
            {...NUMBER}
            name="sessionsMax"
            label={t("sessions.max")}
            hint={t("sessions.maxHint")}
            max={100}
            defaultValue={rules.sessionsMax ?? ""}
            optional
          />
        </Section>
        <Section title={t("sso.title")}>
          {connections.length === 0 && (
            <Callout title={t("sso.none")}>
              <p>{t("sso.noneText")}</p>
            </Callout>
          )}
          <CheckboxField
            name="ssoRequired"
            label={t("sso.required")}
            hint={t("sso.requiredHint")}
            defaultChecked={rules.ssoRequired}
            // What is on can be taken back, whatever there is to come through.
            disabled={connections.length === 0 && !rules.ssoRequired}
          />
        </Section>
        <Section title={t("networks.title")}>
          <TextAreaField
            name="networks"
            label={t("networks.label")}
            hint={ip === null ? t("networks.hintUnknown") : t("networks.hint", { ip })}
            rows={4}
            spellCheck={false}
            defaultValue={rules.networks.join("\n")}
            optional
          />
        </Section>
        <Section title={t("passwords.title")}>
          <div className="flex flex-col gap-5">
            <TextField
              {...NUMBER}
              name="passwordHistory"
              label={t("passwords.history")}
              hint={t("passwords.historyHint")}
              max={24}
              defaultValue={rules.passwordHistory}
              required
            />
            <TextField
              {...NUMBER}
              name="passwordMaxAgeDays"
              label={t("passwords.maxAge")}
              hint={t("passwords.maxAgeHint")}
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
          <SubmitButton>{t("save")}</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </>
  );
}
