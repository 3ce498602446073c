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
  return (
    <>
      <TextField
        name="name"
        label="Name"
        hint={addresses ? "People read it when they are asked what they allow." : undefined}
        defaultValue={values?.name}
        maxLength={60}
        autoComplete="off"
        fieldClassName="sm:max-w-md"
        required
      />
      {addresses && (
        <TextAreaField
          name="redirectUris"
          label="Redirect URIs"
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
            label="First-party"
            hint="An app of your own: its users are not asked what they allow. Whoever runs it can do what they can."
            defaultChecked={values?.firstParty}
          />
          <CheckboxField
            name="requirePushedRequests"
            label="Pushed requests only"
            hint="It sends what it asks for to us directly (PAR) before it sends the browser, so that nobody can change it on the way. Requests that a browser brings are refused. Its library must be able to."
            defaultChecked={values?.requirePushedRequests}
          />
          <TextAreaField
            name="postLogoutRedirectUris"
            label="Post-logout redirect URIs"
            hint="Where it may lead people after they have signed out. One address a line."
            defaultValue={values?.postLogoutRedirectUris.join("\n")}
            optional
            {...ADDRESSES}
            rows={2}
          />
          <TextField
            name="backchannelLogoutUri"
            label="Back-channel logout URI"
            hint="Where its server is told that somebody's session has ended."
            defaultValue={values?.backchannelLogoutUri ?? ""}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            optional
          />
          <SelectField
            name="idTokenAlgorithm"
            label="ID tokens are signed with"
            hint="ES256 unless its library is an old one that knows RS256 alone."
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
  return (
    <TextAreaField
      name="publicKeys"
      label="Public key"
      hint={`A PEM public key, a JWK or a JWK set, or the https address where its keys are.${optional ? " Empty: it gets a secret." : ""}`}
      optional={optional}
      required={!optional}
      {...ADDRESSES}
      maxLength={10_000}
      rows={optional ? 3 : 6}
    />
  );
}
