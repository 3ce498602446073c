import { Download } from "lucide-react";
import { notFound, redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { Answer } from "@/app/admin/reviews/[id]/items-table";
import { evidencePath, REVIEWS_PATH, reviewPath } from "@/app/admin/reviews/address";
import { describeScope } from "@/app/admin/reviews/words";
import { AbsoluteTime, timeAt } from "@/components/ui/absolute-time";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { CODED, Code } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import { PageHeader } from "@/components/ui/page-header";
import { PrintButton } from "@/components/ui/print-button";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { ITEM_STATUSES } from "@/lib/access-reviews/access-review.schema";
import type { ReviewItem } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { readEvidence } from "@/lib/access-reviews/read-evidence";

export const generateMetadata = titled("admin-reviews.evidence");

interface Props {
  params: Promise<{ id: string }>;
}

export default async function EvidencePage({ params }: Props) {
  const { id } = await params;
  const caller = await requirePermission(evidencePath(id), REVIEW_PERMISSIONS.manage);
  const evidence = await answerDenials(() => readEvidence(caller, id));
  if (evidence.outcome === "not-found") notFound();
  if (evidence.outcome === "rejected") redirect(reviewPath(id));
  const { review, items, counts, sha256, intact } = evidence;
  const words = await getTranslations("admin-reviews");
  const t = await getTranslations("admin-reviews.evidence");
  const scope = describeScope(await getTranslations("admin-reviews.scope"), review.scope);
  return (
    <>
      <PageHeader
        above={
          <div className="print:hidden">
            <Breadcrumb
              items={[
                { label: words("title"), href: REVIEWS_PATH },
                { label: review.name, href: reviewPath(id) },
                { label: t("label") },
              ]}
            />
          </div>
        }
        title={t("of", { name: review.name })}
        actions={
          <div className="flex flex-wrap gap-2 print:hidden">
            <a
              href={`/api/v1/access-reviews/${review.id}/evidence`}
              download={`access-review-${review.id}.csv`}
              className={buttonClass("primary")}
            >
              <Download aria-hidden="true" />
              {t("download")}
            </a>
            <PrintButton />
          </div>
        }
      />
      <div className="space-y-6">
        {!intact && (
          <Callout tone="danger" role="alert" title={t("changed")}>
            <p>{t.rich("changedText", { hash: review.evidenceHash ?? t("noHash"), ...CODED })}</p>
          </Callout>
        )}
        <Section title={t("review")}>
          <DescriptionList
            items={[
              { term: t("state"), value: words(`states.${review.state}`) },
              { term: t("askedAbout"), value: scope },
              ...(review.note === "" ? [] : [{ term: t("note"), value: review.note }]),
              {
                term: t("started"),
                value: t.rich("startedBy", {
                  name: review.authorName,
                  ...timeAt(review.createdAt),
                }),
              },
              { term: t("due"), value: <AbsoluteTime value={review.dueAt} /> },
              {
                term: t("ended"),
                value: (
                  <>
                    {review.closedAt !== null && <AbsoluteTime value={review.closedAt} />}{" "}
                    {review.closedByName === null
                      ? t("wasDue")
                      : t("endedBy", { name: review.closedByName })}
                  </>
                ),
              },
              { term: t("leftOut"), value: t("beyond", { count: review.leftOut }) },
              { term: t("hash"), value: <Code>{sha256}</Code> },
            ]}
          />
        </Section>
        <Section title={t("cameOfIt")}>
          <DescriptionList
            items={[
              ...ITEM_STATUSES.filter((status) => counts[status] !== undefined).map((status) => ({
                key: status,
                term: words(`statuses.${status}`),
                value: counts[status] ?? 0,
              })),
              { key: "all", term: t("all"), value: items.length },
            ]}
          />
        </Section>
        <EvidenceTable items={items} />
      </div>
    </>
  );
}

function EvidenceTable({ items }: { items: ReviewItem[] }) {
  const words = useTranslations("admin-reviews");
  const columns = useTranslations("admin-reviews.items");
  const t = useTranslations("admin-reviews.evidence");
  return (
    <Table caption={t("table")}>
      <TableHead>
        <ColumnHeader>{columns("who")}</ColumnHeader>
        <ColumnHeader>{t("had")}</ColumnHeader>
        <ColumnHeader>{columns("given")}</ColumnHeader>
        <ColumnHeader>{words("one.answer")}</ColumnHeader>
        <ColumnHeader narrow>{t("grantEnded")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {items.map((item) => (
          <TableRow key={item.id}>
            <RowHeader className="[overflow-wrap:anywhere]">{item.subject}</RowHeader>
            <Cell className="[overflow-wrap:anywhere]">
              {item.grantName}
              <span className="block text-ink-faint text-xs">{words(`kinds.${item.kind}`)}</span>
            </Cell>
            <Cell className="[overflow-wrap:anywhere]">
              <AbsoluteTime value={item.grantedAt} />
              {item.grantedByName !== null && (
                <span className="block text-ink-faint text-xs">
                  {columns("by", { name: item.grantedByName })}
                </span>
              )}
            </Cell>
            <Cell className="[overflow-wrap:anywhere]">
              <Answer item={item} />
            </Cell>
            <Cell narrow>
              {item.endedAt === null ? "–" : <AbsoluteTime value={item.endedAt} />}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
