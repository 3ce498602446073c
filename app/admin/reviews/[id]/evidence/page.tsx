import { Download } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { Answer } from "@/app/admin/reviews/[id]/items-table";
import { evidencePath, REVIEWS_PATH, reviewPath } from "@/app/admin/reviews/address";
import { describeScope, KINDS, STATES, STATUSES } from "@/app/admin/reviews/words";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
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
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { readEvidence } from "@/lib/access-reviews/read-evidence";

export const metadata: Metadata = { title: "Evidence of an access review" };

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
  return (
    <>
      <PageHeader
        above={
          <div className="print:hidden">
            <Breadcrumb
              items={[
                { label: "Access reviews", href: REVIEWS_PATH },
                { label: review.name, href: reviewPath(id) },
                { label: "Evidence" },
              ]}
            />
          </div>
        }
        title={`Evidence: ${review.name}`}
        actions={
          <div className="flex flex-wrap gap-2 print:hidden">
            <a
              href={`/api/v1/access-reviews/${review.id}/evidence`}
              download={`access-review-${review.id}.csv`}
              className={buttonClass("primary")}
            >
              <Download aria-hidden="true" />
              Download CSV
            </a>
            <PrintButton />
          </div>
        }
      />
      <div className="space-y-6">
        {!intact && (
          <Callout tone="danger" role="alert" title="This is not what it was">
            <p>
              When the review ended its hash was <Code>{review.evidenceHash ?? "none"}</Code>.
              Somebody changed it past this program.
            </p>
          </Callout>
        )}
        <Section title="The review">
          <DescriptionList
            items={[
              { term: "State", value: STATES[review.state].label },
              { term: "Asked about", value: describeScope(review.scope) },
              ...(review.note === "" ? [] : [{ term: "Note", value: review.note }]),
              {
                term: "Started",
                value: (
                  <>
                    <AbsoluteTime value={review.createdAt} /> by {review.authorName}
                  </>
                ),
              },
              { term: "Due", value: <AbsoluteTime value={review.dueAt} /> },
              {
                term: "Ended",
                value: (
                  <>
                    {review.closedAt !== null && <AbsoluteTime value={review.closedAt} />}{" "}
                    {review.closedByName === null
                      ? "because it was due"
                      : `by ${review.closedByName}`}
                  </>
                ),
              },
              { term: "Left out", value: `${review.leftOut}, beyond what its author held` },
              { term: "SHA-256 of the CSV", value: <Code>{sha256}</Code> },
            ]}
          />
        </Section>
        <Section title="What came of it">
          <DescriptionList
            items={[
              ...ITEM_STATUSES.filter((status) => counts[status] !== undefined).map((status) => ({
                key: status,
                term: STATUSES[status].label,
                value: counts[status] ?? 0,
              })),
              { key: "all", term: "All", value: items.length },
            ]}
          />
        </Section>
        <Table caption="Every grant, who decided, and what came of it">
          <TableHead>
            <ColumnHeader>Who</ColumnHeader>
            <ColumnHeader>Had</ColumnHeader>
            <ColumnHeader>Given</ColumnHeader>
            <ColumnHeader>Answer</ColumnHeader>
            <ColumnHeader narrow>Ended</ColumnHeader>
          </TableHead>
          <TableBody>
            {items.map((item) => (
              <TableRow key={item.id}>
                <RowHeader className="[overflow-wrap:anywhere]">{item.subject}</RowHeader>
                <Cell className="[overflow-wrap:anywhere]">
                  {item.grantName}
                  <span className="block text-ink-faint text-xs">{KINDS[item.kind]}</span>
                </Cell>
                <Cell className="[overflow-wrap:anywhere]">
                  <AbsoluteTime value={item.grantedAt} />
                  {item.grantedByName !== null && (
                    <span className="block text-ink-faint text-xs">By {item.grantedByName}</span>
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
      </div>
    </>
  );
}
