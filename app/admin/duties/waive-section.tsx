import { waiveConflictAction } from "@/app/admin/duties/actions";
import { WaiverFields } from "@/app/admin/duties/waiver-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import type { DutyConflict } from "@/lib/duties/manage-conflicts";

/** To let somebody come to hold both who does not yet. */
export function WaiveSection({ conflicts }: { conflicts: DutyConflict[] }) {
  return (
    <Section
      title="Waive in advance"
      description="It gives nothing: the roles are given as always, and are no longer refused for this."
    >
      <ActionForm action={waiveConflictAction} aria-label="Waive in advance">
        <SelectField name="conflictId" label="Conflict" fieldClassName="sm:max-w-md" required>
          {conflicts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          name="user"
          label="For"
          hint="The email address of a member of your organization."
          autoComplete="off"
          maxLength={320}
          fieldClassName="sm:max-w-md"
          required
        />
        <WaiverFields />
        <div>
          <SubmitButton>Waive conflict</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
