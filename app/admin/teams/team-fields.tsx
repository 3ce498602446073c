import { TextField } from "@/components/form/text-field";

/** What a team is called. */
export function TeamFields({ name, description }: { name?: string; description?: string }) {
  return (
    <>
      <TextField name="name" label="Name" maxLength={60} required defaultValue={name} />
      <TextField
        name="description"
        label="Description"
        optional
        maxLength={200}
        defaultValue={description}
      />
    </>
  );
}
