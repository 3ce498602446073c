import { ANSWERS_FORM } from "@/app/admin/reviews/[id]/answers-section";
import { answerItemsAction } from "@/app/admin/reviews/actions";
import { KINDS, STATUSES } from "@/app/admin/reviews/words";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { ReviewItem } from "@/lib/access-reviews/list-reviews";

/** What a review asks. `answerable` are those that this reader answers now. */
export function ItemsTable({
  reviewId,
  items,
  answerable,
}: {
  reviewId: string;
  items: ReviewItem[];
  answerable: (item: ReviewItem) => boolean;
}) {
  const any = items.some(answerable);
  return (
    <Table caption="Grants under review">
      <TableHead>
        <ColumnHeader>Who</ColumnHeader>
        <ColumnHeader>Has</ColumnHeader>
        <ColumnHeader>Given</ColumnHeader>
        <ColumnHeader narrow>Last sign-in</ColumnHeader>
        <ColumnHeader>Answer</ColumnHeader>
        {any && <ColumnHeader narrow>Decide</ColumnHeader>}
      </TableHead>
      <TableBody>
        {items.map((item, place) => (
          <TableRow key={item.id}>
            <RowHeader className="max-w-64">
              <span className="flex items-start gap-2.5">
                {answerable(item) && (
                  <Checkbox
                    form={ANSWERS_FORM}
                    name={`item.${place}`}
                    value={item.id}
                    aria-label={`Select ${titleOf(item)}`}
                  />
                )}
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  {item.subjectName ?? item.subject}
                  {item.subjectName !== null && (
                    <span className="block font-normal text-ink-faint text-xs">{item.subject}</span>
                  )}
                </span>
              </span>
            </RowHeader>
            <Cell className="min-w-40 [overflow-wrap:anywhere]">
              {item.grantName}
              <span className="block text-ink-faint text-xs">
                {KINDS[item.kind]}
                {item.everywhere && ", everywhere"}
              </span>
            </Cell>
            <Cell className="min-w-40 [overflow-wrap:anywhere]">
              <AbsoluteTime value={item.grantedAt} />
              <span className="block text-ink-faint text-xs">
                {item.grantedByName === null ? "By nobody known" : `By ${item.grantedByName}`}
                {item.expiresAt !== null && (
                  <>
                    , until <AbsoluteTime value={item.expiresAt} />
                  </>
                )}
              </span>
            </Cell>
            <Cell narrow>
              {item.userId === null ? (
                "–"
              ) : item.lastUsedAt === null ? (
                "Never"
              ) : (
                <RelativeTime value={item.lastUsedAt} />
              )}
            </Cell>
            <Cell className="min-w-48 [overflow-wrap:anywhere]">
              <Answer item={item} />
            </Cell>
            {any && (
              <Cell narrow>{answerable(item) && <Decide reviewId={reviewId} item={item} />}</Cell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const titleOf = ({ subject, grantName }: ReviewItem): string => `${grantName} of ${subject}`;

export function Answer({ item }: { item: ReviewItem }) {
  const { label, tone } = STATUSES[item.outcome ?? (item.decision === null ? "open" : "keep")];
  return (
    <>
      <Badge tone={tone}>{label}</Badge>
      <span className="block text-ink-faint text-xs">
        {item.decidedByName === null ? `Asked: ${item.reviewerName}` : `By ${item.decidedByName}`}
        {item.decidedAt !== null && (
          <>
            , <AbsoluteTime value={item.decidedAt} />
          </>
        )}
      </span>
      {item.note !== "" && <span className="block text-xs">{item.note}</span>}
    </>
  );
}

function Decide({ reviewId, item }: { reviewId: string; item: ReviewItem }) {
  const fields = { id: reviewId, only: item.id };
  return (
    <div className="flex gap-2">
      {item.decision === null && (
        <ActionForm action={answerItemsAction} aria-label={`Keep ${titleOf(item)}`}>
          <input type="hidden" name="id" value={reviewId} />
          <input type="hidden" name="only" value={item.id} />
          <input type="hidden" name="decision" value="keep" />
          <SubmitButton variant="secondary" size="sm" aria-label={`Keep ${titleOf(item)}`}>
            Keep
          </SubmitButton>
        </ActionForm>
      )}
      <ConfirmDialog
        trigger="Revoke"
        triggerLabel={`Revoke ${titleOf(item)}`}
        title="Revoke this at once?"
        description={`${item.subject} loses ${item.grantName}, and keeps what they have by other ways. Nothing here gives it back.`}
        confirmLabel="Revoke grant"
        action={answerItemsAction}
        fields={{ ...fields, decision: "revoke" }}
      >
        <TextField name="note" label="Why" maxLength={300} optional />
      </ConfirmDialog>
    </div>
  );
}
