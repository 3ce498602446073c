import { useTranslations } from "#translations";
import { ScopeFields, type ScopeOption } from "@/components/admin/scope-fields";
import { CheckboxField, SelectField, TextAreaField, TextField } from "@/components/form/text-field";
import { ADDRESSES_LENGTH_MAX, SIGNING_ALGORITHMS } from "@/lib/oidc/client.schema";

interface Values {
  name: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  backchannelLogoutUri: string | null;
  firstParty: boolean;
  idTokenAlgorithm: string;
  requirePushedRequests: boolean;
}

const ADDRESSES = {
  rows: 3,
  maxLength: ADDRESSES_LENGTH_MAX,
  autoComplete: "off",
  spellCheck: false,
  className: "font-mono text-[0.8125rem]",
} as const;

/** What can be changed of a client, for a new one and one being edited. `addresses` only where users are led. */
export function ClientFields({
  values,
  addresses,
  scopes,
}: {
  values?: Values;
  addresses: { hint: string; example: string; optional: boolean } | null;
  scopes: ScopeOption[];
}) {
  const t = useTranslations("admin-clients.fields");
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        hint={addresses ? t("nameHint") : undefined}
        defaultValue={values?.name}
        maxLength={60}
        autoComplete="off"
        fieldClassName="sm:max-w-md"
        required
      />
      {addresses && (
        <TextAreaField
          name="redirectUris"
          label={t("redirectUris")}
          hint={addresses.hint}
          placeholder={addresses.example}
          defaultValue={values?.redirectUris.join("\n")}
          optional={addresses.optional}
          required={!addresses.optional}
          {...ADDRESSES}
        />
      )}
      <ScopeFields scopes={scopes} />
      {addresses && (
        <>
          <CheckboxField
            name="firstParty"
            label={t("firstParty")}
            hint={t("firstPartyHint")}
            defaultChecked={values?.firstParty}
          />
          <CheckboxField
            name="requirePushedRequests"
            label={t("pushedOnly")}
            hint={t("pushedOnlyHint")}
            defaultChecked={values?.requirePushedRequests}
          />
          <TextAreaField
            name="postLogoutRedirectUris"
            label={t("postLogout")}
            hint={t("postLogoutHint")}
            defaultValue={values?.postLogoutRedirectUris.join("\n")}
            optional
            {...ADDRESSES}
            rows={2}
          />
          <TextField
            name="backchannelLogoutUri"
            label={t("backchannel")}
            hint={t("backchannelHint")}
            defaultValue={values?.backchannelLogoutUri ?? ""}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            optional
          />
          <SelectField
            name="idTokenAlgorithm"
            label={t("algorithm")}
            hint={t("algorithmHint")}
            defaultValue={values?.idTokenAlgorithm ?? "ES256"}
            options={SIGNING_ALGORITHMS.map((name) => ({ value: name, label: name }))}
            fieldClassName="sm:max-w-md"
          />
        </>
      )}
    </>
  );
}

/** The public key of an app that signs; it can be left empty where a secret is the other way. */
export function PublicKeysField({ optional }: { optional: boolean }) {
  const t = useTranslations("admin-clients.fields");
  return (
    <TextAreaField
      name="publicKeys"
      label={t("publicKey")}
      hint={t(optional ? "publicKeyOptionalHint" : "publicKeyHint")}
      optional={optional}
      required={!optional}
      {...ADDRESSES}
      maxLength={10_000}
      rows={optional ? 3 : 6}
    />
  );
}
