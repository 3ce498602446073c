import { SelectField, TextField } from "@/components/form/text-field";
import { DEFAULT_SCOPES } from "@/lib/federation/connection.schema";

interface Values {
  name: string;
  clientId: string;
  authMethod: string;
  scopes: string;
  domains: string[];
}

/** What a connection is called. */
export function ConnectionNameField({ name }: { name?: string }) {
  return (
    <TextField
      name="name"
      label="Name"
      hint="People see it on their button: Continue with …"
      defaultValue={name}
      maxLength={60}
      autoComplete="off"
      fieldClassName="sm:max-w-md"
      required
    />
  );
}

export function ClientIdField({ clientId }: { clientId?: string }) {
  return (
    <TextField
      name="clientId"
      label="Client id"
      defaultValue={clientId}
      maxLength={500}
      autoComplete="off"
      spellCheck={false}
      required
    />
  );
}

/** What is right for most, for a new connection and one being edited. */
export function ConnectionDetailFields({
  values,
  domainsHint,
}: {
  values?: Values;
  domainsHint: string;
}) {
  return (
    <>
      <TextField
        name="domains"
        label="Domains"
        hint={domainsHint}
        defaultValue={values?.domains.join(" ")}
        maxLength={2_000}
        autoComplete="off"
        spellCheck={false}
        optional
      />
      <TextField
        name="scopes"
        label="Scopes"
        hint="What the provider is asked for; openid is needed, email to sign people up."
        defaultValue={values?.scopes ?? DEFAULT_SCOPES}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <SelectField
        name="authMethod"
        label="Client authentication"
        hint="How the secret is sent. Most providers take either."
        defaultValue={values?.authMethod ?? "client_secret_basic"}
        fieldClassName="sm:max-w-md"
      >
        <option value="client_secret_basic">In the header (client_secret_basic)</option>
        <option value="client_secret_post">In the form (client_secret_post)</option>
      </SelectField>
    </>
  );
}
