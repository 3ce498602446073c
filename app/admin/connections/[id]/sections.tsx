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
  const { id, name, issuer, preset, version, clientId } = connection;
  return (
    <Section title="Settings" description="Saved settings hold from the next request on.">
      <ActionForm action={changeConnectionAction} aria-label={`Settings of ${name}`}>
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <ConnectionNameField name={name} />
        <TextField
          name="issuer"
          label="Issuer"
          hint="Stays as it is once people sign in with it. Another one takes the secret that it gave you."
          defaultValue={issuer}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <PasswordField
          name="clientSecret"
          label="Client secret at another issuer"
          hint="Leave it empty while the issuer stays: the present secret is kept, and is sent to no other."
          autoComplete="off"
          maxLength={1_000}
        />
        <ClientIdField clientId={clientId} />
        <ConnectionDetailFields values={connection} domainsHint={domainsHintOf(preset)} />
        <div>
          <SubmitButton>Save settings</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

export function SecretSection({ connection: { id, name, version } }: { connection: Connection }) {
  return (
    <Section
      title="Client secret"
      description="Replace it when it expires or somebody has seen it. The former one is not kept."
    >
      <ActionForm action={replaceSecretAction} aria-label={`Client secret of ${name}`}>
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <PasswordField name="clientSecret" label="New client secret" autoComplete="off" required />
        <div>
          <SubmitButton variant="secondary">Replace secret</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
