import { useTranslations } from "#translations";
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
  const t = useTranslations("admin-reviews.answers");
  return (
    <Section
      title={t("title")}
      description={t("description")}
      className="mt-6"
      actions={
        <TickAll name="item" form={ANSWERS_FORM}>
          {t("tickAll")}
        </TickAll>
      }
    >
      <ActionForm
        id={ANSWERS_FORM}
        action={answerItemsAction}
        aria-label={t("title")}
        className="max-w-xl"
      >
        <input type="hidden" name="id" value={reviewId} />
        <TextField name="note" label={t("note")} maxLength={300} optional />
        <ConfirmRevocation />
        <div className="flex flex-wrap gap-2">
          <SubmitButton name="decision" value="keep">
            {t("keep")}
          </SubmitButton>
          <SubmitButton name="decision" value="revoke" variant="danger">
            {t("revoke")}
          </SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
