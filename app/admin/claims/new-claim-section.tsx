import { createClaimAction } from "@/app/admin/claims/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { IDENTITY_SCOPES, PLACEHOLDERS, TOKEN_SCOPES } from "@/lib/oidc/claim-template.schema";

/** A claim to add: name, template, and where it is told. */
export function NewClaimSection() {
  return (
    <Section
      title="New claim"
      description="For every app you need every permission; for one app, what it takes to change that app."
    >
      <ActionForm action={createClaimAction} aria-label="New claim">
        <TextField
          name="name"
          label="Name"
          hint="A word such as groups, or an https address of your own. Names that mean something already are refused."
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          fieldClassName="sm:max-w-md"
          required
        />
        <TextField
          name="value"
          label="Value"
          hint={`A text, with any of ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(" ")}. {{roles}} stands alone and is a list.`}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <SelectField
          name="kind"
          label="Kind"
          hint="A number, or true or false, has no placeholders."
          defaultValue="text"
          fieldClassName="sm:max-w-md"
        >
          <option value="text">Text or list</option>
          <option value="number">Number</option>
          <option value="boolean">True or false</option>
        </SelectField>
        <SelectField
          name="scope"
          label="Scope"
          hint="Without it, an app is not told. Claims of an API scope are in its access tokens."
          defaultValue="profile"
          fieldClassName="sm:max-w-md"
        >
          {[...IDENTITY_SCOPES, ...TOKEN_SCOPES].map((scope) => (
            <option key={scope}>{scope}</option>
          ))}
        </SelectField>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium text-ink text-sm">
            Where, of openid, profile and email
          </legend>
          <CheckboxField name="targets" label="In the id token" defaultChecked />
          <CheckboxField name="userinfo" label="In userinfo" defaultChecked />
        </fieldset>
        <TextField
          name="clientId"
          label="Client id"
          hint="Of the one app that is told. Leave it empty for every app."
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          fieldClassName="sm:max-w-md"
          optional
        />
        <div>
          <SubmitButton>Add claim</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
