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
  return (
    <Section
      title="Break the glass"
      description="For an emergency in which nobody can answer: you get the role at once, for an hour at most. It takes your second factor, everybody who answers requests is told, and somebody other than you has to acknowledge it afterwards."
    >
      <ActionForm action={breakGlassAction} aria-label="Break the glass">
        <SelectField name="roleId" label="Role" fieldClassName="sm:max-w-md" required>
          {roles.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField name="minutes" label="For" defaultValue="30" fieldClassName="sm:max-w-md">
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes} minutes
            </option>
          ))}
        </SelectField>
        <TextAreaField
          name="reason"
          label="What has happened"
          rows={3}
          maxLength={REASON_LENGTH_MAX}
          required
        />
        <div>
          <SubmitButton variant="danger">Break the glass</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
