import { useTranslations } from "#translations";
import { TextField } from "@/components/form/text-field";

/** What an organization is called; with nothing given, a new one. */
export function OrganizationFields({ name = "", slug = "" }: { name?: string; slug?: string }) {
  const t = useTranslations("admin-organizations.fields");
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        maxLength={60}
        autoComplete="off"
        defaultValue={name}
        required
      />
      <TextField
        name="slug"
        label={t("slug")}
        hint={t("slugHint")}
        maxLength={40}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={slug}
        required
      />
    </>
  );
}
