import { useTranslations } from "#translations";
import { waiveConflictAction } from "@/app/admin/duties/actions";
import { WaiverFields } from "@/app/admin/duties/waiver-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import type { DutyConflict } from "@/lib/duties/manage-conflicts";

/** To let somebody come to hold both who does not yet. */
export function WaiveSection({ conflicts }: { conflicts: DutyConflict[] }) {
  const t = useTranslations("admin-duties.waivers");
  return (
    <Section title={t("advance")} description={t("advanceText")}>
      <ActionForm action={waiveConflictAction} aria-label={t("advance")}>
        <SelectField name="conflictId" label={t("conflict")} fieldClassName="sm:max-w-md" required>
          {conflicts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          name="user"
          label={t("for")}
          hint={t("forHint")}
          autoComplete="off"
          maxLength={320}
          fieldClassName="sm:max-w-md"
          required
        />
        <WaiverFields />
        <div>
          <SubmitButton>{t("submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
