import { TextField } from "@/components/form/text-field";

/** What a role is called, for a new one and one being edited. */
export function RoleFields({ name, description }: { name?: string; description?: string }) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        defaultValue={name}
        maxLength={60}
        autoComplete="off"
        fieldClassName="sm:max-w-md"
        required
      />
      <TextField
        name="description"
        label="Description"
        hint="Says to whoever gives it what it is for."
        defaultValue={description}
        maxLength={200}
        autoComplete="off"
        optional
      />
    </>
  );
}
