import { useTranslations } from "#translations";
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
  const t = useTranslations("admin-connections.fields");
  return (
    <TextField
      name="name"
      label={t("name")}
      hint={t("nameHint")}
      defaultValue={name}
      maxLength={60}
      autoComplete="off"
      fieldClassName="sm:max-w-md"
      required
    />
  );
}

export function ClientIdField({ clientId }: { clientId?: string }) {
  const t = useTranslations("admin-connections.fields");
  return (
    <TextField
      name="clientId"
      label={t("clientId")}
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
  const t = useTranslations("admin-connections.fields");
  return (
    <>
      <TextField
        name="domains"
        label={t("domains")}
        hint={domainsHint}
        defaultValue={values?.domains.join(" ")}
        maxLength={2_000}
        autoComplete="off"
        spellCheck={false}
        optional
      />
      <TextField
        name="scopes"
        label={t("scopes")}
        hint={t("scopesHint")}
        defaultValue={values?.scopes ?? DEFAULT_SCOPES}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <SelectField
        name="authMethod"
        label={t("authMethod")}
        hint={t("authMethodHint")}
        defaultValue={values?.authMethod ?? "client_secret_basic"}
        fieldClassName="sm:max-w-md"
      >
        <option value="client_secret_basic">{t("inHeader")}</option>
        <option value="client_secret_post">{t("inForm")}</option>
      </SelectField>
    </>
  );
}
