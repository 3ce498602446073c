import { useTranslations } from "#translations";
import { ANSWERS_FORM } from "@/app/admin/reviews/[id]/answers-section";
import { answerItemsAction } from "@/app/admin/reviews/actions";
import { STATUS_TONES } from "@/app/admin/reviews/words";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AbsoluteTime, timeAt } from "@/components/ui/absolute-time";
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
  const t = useTranslations("admin-reviews.items");
  const columns = useTranslations("admin-reviews.one");
  const any = items.some(answerable);
  return (
    <Table caption={t("table")}>
      <TableHead>
        <ColumnHeader>{t("who")}</ColumnHeader>
        <ColumnHeader>{t("has")}</ColumnHeader>
        <ColumnHeader>{t("given")}</ColumnHeader>
        <ColumnHeader narrow>{t("lastSignIn")}</ColumnHeader>
        <ColumnHeader>{columns("answer")}</ColumnHeader>
        {any && <ColumnHeader narrow>{t("decide")}</ColumnHeader>}
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
                    aria-label={t("select", titleOf(item))}
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
                <Kind item={item} />
              </span>
            </Cell>
            <Cell className="min-w-40 [overflow-wrap:anywhere]">
              <AbsoluteTime value={item.grantedAt} />
              <span className="block text-ink-faint text-xs">
                <GivenBy item={item} />
              </span>
            </Cell>
            <Cell narrow>
              {item.userId === null ? (
                "–"
              ) : item.lastUsedAt === null ? (
                t("never")
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

const titleOf = ({ subject, grantName: grant }: ReviewItem) => ({ subject, grant });

function Kind({ item: { kind, everywhere } }: { item: ReviewItem }) {
  const t = useTranslations("admin-reviews");
  const named = t(`kinds.${kind}`);
  return everywhere ? t("items.everywhere", { kind: named }) : named;
}

function GivenBy({ item: { grantedByName: name, expiresAt } }: { item: ReviewItem }) {
  const t = useTranslations("admin-reviews.items");
  if (expiresAt === null) return name === null ? t("byNobody") : t("by", { name });
  return name === null
    ? t.rich("byNobodyUntil", timeAt(expiresAt))
    : t.rich("byUntil", { name, ...timeAt(expiresAt) });
}

/** Who has answered and when, or who is asked. */
function AnsweredBy({ item: { decidedByName, decidedAt, reviewerName } }: { item: ReviewItem }) {
  const t = useTranslations("admin-reviews.items");
  const name = decidedByName ?? reviewerName;
  if (decidedAt === null) return t(decidedByName === null ? "asked" : "decidedBy", { name });
  return t.rich(decidedByName === null ? "askedAt" : "decidedByAt", {
    name,
    ...timeAt(decidedAt),
  });
}

export function Answer({ item }: { item: ReviewItem }) {
  const t = useTranslations("admin-reviews.statuses");
  const status = item.outcome ?? (item.decision === null ? "open" : "keep");
  return (
    <>
      <Badge tone={STATUS_TONES[status]}>{t(status)}</Badge>
      <span className="block text-ink-faint text-xs">
        <AnsweredBy item={item} />
      </span>
      {item.note !== "" && <span className="block text-xs">{item.note}</span>}
    </>
  );
}

function Decide({ reviewId, item }: { reviewId: string; item: ReviewItem }) {
  const t = useTranslations("admin-reviews.items");
  const fields = { id: reviewId, only: item.id };
  const title = titleOf(item);
  return (
    <div className="flex gap-2">
      {item.decision === null && (
        <ActionForm action={answerItemsAction} aria-label={t("keepThis", title)}>
          <input type="hidden" name="id" value={reviewId} />
          <input type="hidden" name="only" value={item.id} />
          <input type="hidden" name="decision" value="keep" />
          <SubmitButton variant="secondary" size="sm" aria-label={t("keepThis", title)}>
            {t("keep")}
          </SubmitButton>
        </ActionForm>
      )}
      <ConfirmDialog
        trigger={t("revoke")}
        triggerLabel={t("revokeThis", title)}
        title={t("revokeTitle")}
        description={t("revokeText", title)}
        confirmLabel={t("revokeGrant")}
        action={answerItemsAction}
        fields={{ ...fields, decision: "revoke" }}
      >
        <TextField name="note" label={t("why")} maxLength={300} optional />
      </ConfirmDialog>
    </div>
  );
}
