import { useTranslations } from "#translations";
import { createClaimAction } from "@/app/admin/claims/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { IDENTITY_SCOPES, PLACEHOLDERS, TOKEN_SCOPES } from "@/lib/oidc/claim-template.schema";

/** As it is written in a template. */
const written = (name: string): string => `{{${name}}}`;

/** A claim to add: name, template, and where it is told. */
export function NewClaimSection() {
  const t = useTranslations("admin-claims.new");
  return (
    <Section title={t("title")} description={t("description")}>
      <ActionForm action={createClaimAction} aria-label={t("title")}>
        <TextField
          name="name"
          label={t("name")}
          hint={t("nameHint")}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          fieldClassName="sm:max-w-md"
          required
        />
        <TextField
          name="value"
          label={t("value")}
          hint={t("valueHint", {
            placeholders: PLACEHOLDERS.map(written).join(" "),
            roles: written("roles"),
          })}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <SelectField
          name="kind"
          label={t("kind")}
          hint={t("kindHint")}
          defaultValue="text"
          fieldClassName="sm:max-w-md"
        >
          <option value="text">{t("kinds.text")}</option>
          <option value="number">{t("kinds.number")}</option>
          <option value="boolean">{t("kinds.boolean")}</option>
        </SelectField>
        <SelectField
          name="scope"
          label={t("scope")}
          hint={t("scopeHint")}
          defaultValue="profile"
          fieldClassName="sm:max-w-md"
        >
          {[...IDENTITY_SCOPES, ...TOKEN_SCOPES].map((scope) => (
            <option key={scope}>{scope}</option>
          ))}
        </SelectField>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium text-ink text-sm">{t("where")}</legend>
          <CheckboxField name="targets" label={t("inIdToken")} defaultChecked />
          <CheckboxField name="userinfo" label={t("inUserinfo")} defaultChecked />
        </fieldset>
        <TextField
          name="clientId"
          label={t("clientId")}
          hint={t("clientIdHint")}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          fieldClassName="sm:max-w-md"
          optional
        />
        <div>
          <SubmitButton>{t("submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
