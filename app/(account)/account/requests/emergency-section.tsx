import { useTranslations } from "#translations";
import { breakGlassAction } from "@/app/(account)/account/requests/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextAreaField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { REASON_LENGTH_MAX } from "@/lib/access-requests/access-request.schema";
import type { NamedRole } from "@/lib/access-requests/list-requests";

const MINUTES = [15, 30, 60];

/** To give oneself a role without asking: nothing that one does by the way. */
export function EmergencySection({ roles }: { roles: NamedRole[] }) {
  const t = useTranslations("account-requests.glass");
  const fields = useTranslations("account-requests.new");
  return (
    <Section title={t("title")} description={t("description")}>
      <ActionForm action={breakGlassAction} aria-label={t("title")}>
        <SelectField name="roleId" label={fields("role")} fieldClassName="sm:max-w-md" required>
          {roles.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          name="minutes"
          label={fields("for")}
          defaultValue="30"
          fieldClassName="sm:max-w-md"
        >
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("minutes", { count: minutes })}
            </option>
          ))}
        </SelectField>
        <TextAreaField
          name="reason"
          label={t("reason")}
          rows={3}
          maxLength={REASON_LENGTH_MAX}
          required
        />
        <div>
          <SubmitButton variant="danger">{t("title")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
