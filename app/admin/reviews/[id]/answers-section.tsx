import { answerItemsAction } from "@/app/admin/reviews/actions";
import { ConfirmRevocation } from "@/components/admin/confirm-revocation";
import { TickAll } from "@/components/admin/tick-all";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";

/** The boxes in the table belong to this form, wherever they stand. */
export const ANSWERS_FORM = "answers";

/** Answers what is ticked in the table, as one. */
export function AnswersSection({ reviewId }: { reviewId: string }) {
  return (
    <Section
      title="Answer what is ticked"
      description="What is kept can be answered anew until the review ends. What is revoked ends at once."
      className="mt-6"
      actions={<TickAll form={ANSWERS_FORM}>Tick all on this page</TickAll>}
    >
      <ActionForm
        id={ANSWERS_FORM}
        action={answerItemsAction}
        aria-label="Answer what is ticked"
        className="max-w-xl"
      >
        <input type="hidden" name="id" value={reviewId} />
        <TextField name="note" label="Note" maxLength={300} optional />
        <ConfirmRevocation />
        <div className="flex flex-wrap gap-2">
          <SubmitButton name="decision" value="keep">
            Keep selected
          </SubmitButton>
          <SubmitButton name="decision" value="revoke" variant="danger">
            Revoke selected
          </SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
