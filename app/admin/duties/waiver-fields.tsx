import { useTranslations } from "#translations";
import { SelectField, TextAreaField } from "@/components/form/text-field";

const DAYS = [1, 7, 30, 90, 365];

/** Why, and how long. */
export function WaiverFields() {
  const t = useTranslations("admin-duties.waivers");
  return (
    <>
      <TextAreaField name="reason" label={t("why")} rows={3} maxLength={500} required />
      <SelectField name="days" label={t("after")} defaultValue="30" fieldClassName="sm:max-w-md">
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {t("days", { count: days })}
          </option>
        ))}
      </SelectField>
    </>
  );
}
