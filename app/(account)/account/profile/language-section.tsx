import { useTranslations } from "#translations";
import { updateLanguageAction } from "@/app/(account)/account/profile/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { LOCALE_NAMES, LOCALES } from "@/lib/shared/locale";
import type { Principal } from "@/lib/shared/principal";
import { TIME_ZONES } from "@/lib/users/language.schema";

/** What the caller reads, and when it is there (F134). */
export function LanguageSection({ principal }: { principal: Principal }) {
  const t = useTranslations("profile.language");
  return (
    <Section title={t("title")} description={t("description")}>
      <ActionForm action={updateLanguageAction} className="max-w-md" aria-label={t("form")}>
        <SelectField
          name="locale"
          label={t("language")}
          defaultValue={principal.locale ?? ""}
          options={[
            { value: "", label: t("asBrowser") },
            ...LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] })),
          ]}
        />
        <SelectField
          name="timeZone"
          label={t("timeZone")}
          defaultValue={principal.timeZone ?? "UTC"}
          options={TIME_ZONES.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
        />
        <div>
          <SubmitButton>{t("save")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
