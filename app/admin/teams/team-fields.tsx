import { useTranslations } from "#translations";
import { TextField } from "@/components/form/text-field";

/** What a team is called. */
export function TeamFields({ name, description }: { name?: string; description?: string }) {
  const t = useTranslations("admin-teams");
  return (
    <>
      <TextField name="name" label={t("name")} maxLength={60} required defaultValue={name} />
      <TextField
        name="description"
        label={t("descriptionField")}
        optional
        maxLength={200}
        defaultValue={description}
      />
    </>
  );
}
