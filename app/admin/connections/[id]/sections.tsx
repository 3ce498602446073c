import { useTranslations } from "#translations";
import { changeConnectionAction, replaceSecretAction } from "@/app/admin/connections/actions";
import { domainsHintOf } from "@/app/admin/connections/presets";
import {
  ClientIdField,
  ConnectionDetailFields,
  ConnectionNameField,
} from "@/components/admin/connection-fields";
import { EditedVersion } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import type { Connection } from "@/lib/federation/manage-connections";

export function SettingsSection({ connection }: { connection: Connection }) {
  const t = useTranslations("admin-connections");
  const { id, name, issuer, preset, version, clientId } = connection;
  return (
    <Section title={t("settings.title")} description={t("settings.description")}>
      <ActionForm action={changeConnectionAction} aria-label={t("settings.of", { name })}>
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <ConnectionNameField name={name} />
        <TextField
          name="issuer"
          label={t("settings.issuer")}
          hint={t("settings.issuerHint")}
          defaultValue={issuer}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <PasswordField
          name="clientSecret"
          label={t("settings.secret")}
          hint={t("settings.secretHint")}
          autoComplete="off"
          maxLength={1_000}
        />
        <ClientIdField clientId={clientId} />
        <ConnectionDetailFields values={connection} domainsHint={domainsHintOf(preset, t)} />
        <div>
          <SubmitButton>{t("settings.save")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

export function SecretSection({ connection: { id, name, version } }: { connection: Connection }) {
  const t = useTranslations("admin-connections.secret");
  return (
    <Section title={t("title")} description={t("description")}>
      <ActionForm action={replaceSecretAction} aria-label={t("of", { name })}>
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <PasswordField name="clientSecret" label={t("new")} autoComplete="off" required />
        <div>
          <SubmitButton variant="secondary">{t("submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
