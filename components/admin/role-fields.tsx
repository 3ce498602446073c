import { useTranslations } from "#translations";
import { TextField } from "@/components/form/text-field";

/** What a role is called, for a new one and one being edited. */
export function RoleFields({ name, description }: { name?: string; description?: string }) {
  const t = useTranslations("admin-roles");
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        defaultValue={name}
        maxLength={60}
        autoComplete="off"
        fieldClassName="sm:max-w-md"
        required
      />
      <TextField
        name="description"
        label={t("about")}
        hint={t("aboutHint")}
        defaultValue={description}
        maxLength={200}
        autoComplete="off"
        optional
      />
    </>
  );
}
