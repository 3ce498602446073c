import { TextField } from "@/components/form/text-field";

/** What an organization is called; with nothing given, a new one. */
export function OrganizationFields({ name = "", slug = "" }: { name?: string; slug?: string }) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        maxLength={60}
        autoComplete="off"
        defaultValue={name}
        required
      />
      <TextField
        name="slug"
        label="Short name"
        hint="Lower-case letters, digits and hyphens. Apps tell organizations apart by it."
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
