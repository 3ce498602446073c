import { useTranslations } from "#translations";
import { createConflictAction } from "@/app/admin/duties/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";

interface Offered {
  key: string;
  description: string;
}

/** Two sides, of which nobody may have one of each. */
export function NewConflictSection({ permissions }: { permissions: Offered[] }) {
  const t = useTranslations("admin-duties.create");
  const list = useTranslations("admin-duties");
  return (
    <Section title={t("title")} description={t("text")}>
      <ActionForm action={createConflictAction} aria-label={t("title")}>
        <TextField
          name="name"
          label={t("name")}
          maxLength={60}
          autoComplete="off"
          fieldClassName="sm:max-w-md"
          required
        />
        <TextField
          name="description"
          label={t("about")}
          hint={t("aboutHint")}
          maxLength={200}
          autoComplete="off"
          optional
        />
        <div className="grid gap-6 sm:grid-cols-2">
          <Side name="left" legend={t("left")} permissions={permissions} />
          <Side name="right" legend={t("right")} permissions={permissions} />
        </div>
        <CheckboxField name="everywhere" label={list("everywhere")} hint={t("everywhereHint")} />
        <div>
          <SubmitButton>{t("submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

function Side({
  name,
  legend,
  permissions,
}: {
  name: "left" | "right";
  legend: string;
  permissions: Offered[];
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-ink text-sm">{legend}</legend>
      <div className="flex flex-col gap-3">
        {permissions.map(({ key, description }, place) => (
          <CheckboxField
            key={key}
            name={`${name}.${place}`}
            value={key}
            label={description}
            hint={<span className="font-mono text-xs">{key}</span>}
          />
        ))}
      </div>
    </fieldset>
  );
}
