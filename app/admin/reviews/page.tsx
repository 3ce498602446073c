import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { NEW_PATH, REVIEWS_PATH, reviewPath, reviewsHref } from "@/app/admin/reviews/address";
import { describeScope, STATE_TONES } from "@/app/admin/reviews/words";
import { FilterBar, FilterSelect } from "@/components/form/filter-bar";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { REVIEW_STATES, ReviewListing } from "@/lib/access-reviews/access-review.schema";
import { listReviews, type Review } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { can } from "@/lib/authz/decide";

export const generateMetadata = titled("admin-reviews");

const PAGE_SIZE = 25;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReviewsPage({ searchParams }: Search) {
  const { listing, cursor } = parseListingAddress(ReviewListing, await searchParams);
  const caller = await requirePermission(reviewsHref(listing, cursor), REVIEW_PERMISSIONS.answer);
  const result = await answerDenials(() =>
    listReviews(caller, listing, { cursor, limit: PAGE_SIZE }),
  );
  if (result.outcome === "rejected") redirect(reviewsHref(listing));
  const mayManage = await can(caller, REVIEW_PERMISSIONS.manage);
  const t = await getTranslations("admin-reviews");
  const filtered = listing.state !== undefined;
  const turnTo = (to: string | null) => (to === null ? undefined : reviewsHref(listing, to));
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          mayManage && (
            <ButtonLink href={NEW_PATH} variant="primary">
              <Plus aria-hidden="true" />
              {t("new")}
            </ButtonLink>
          )
        }
      />
      <FilterBar
        key={reviewsHref(listing)}
        action={REVIEWS_PATH}
        label={t("filter")}
        clearHref={filtered ? REVIEWS_PATH : undefined}
      >
        <FilterSelect
          name="state"
          label={t("state")}
          value={listing.state}
          options={REVIEW_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      </FilterBar>
      {result.reviews.length === 0 ? (
        <Card>
          <EmptyState
            title={t(filtered ? "noMatch" : "none")}
            description={t(mayManage ? "noneMayManage" : "noneMayNot")}
            action={filtered && <ButtonLink href={REVIEWS_PATH}>{t("clearFilter")}</ButtonLink>}
          />
        </Card>
      ) : (
        <ReviewsTable reviews={result.reviews} ownId={caller.principal.userId} />
      )}
      <Pagination
        label={t("pages")}
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}

function ReviewsTable({ reviews, ownId }: { reviews: Review[]; ownId: string }) {
  const t = useTranslations("admin-reviews");
  const scope = useTranslations("admin-reviews.scope");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("name")}</ColumnHeader>
        <ColumnHeader narrow>{t("state")}</ColumnHeader>
        <ColumnHeader>{t("asksAbout")}</ColumnHeader>
        <ColumnHeader narrow align="end">
          {t("answered")}
        </ColumnHeader>
        <ColumnHeader narrow align="end">
          {t("yours")}
        </ColumnHeader>
        <ColumnHeader narrow>{t("due")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {reviews.map((review) => {
          const sum = (key: "all" | "done") =>
            review.progress.reduce((total, one) => total + one[key], 0);
          const own = review.progress.find(({ reviewerId }) => reviewerId === ownId);
          const waiting = review.state === "open" && own ? own.all - own.done : 0;
          return (
            <TableRow key={review.id}>
              <RowHeader className="max-w-64 [overflow-wrap:anywhere]">
                <TextLink href={reviewPath(review.id)}>{review.name}</TextLink>
              </RowHeader>
              <Cell narrow>
                <Badge tone={STATE_TONES[review.state]} dot>
                  {t(`states.${review.state}`)}
                </Badge>
              </Cell>
              <Cell className="min-w-40 text-ink-soft">{describeScope(scope, review.scope)}</Cell>
              <Cell narrow align="end">
                {t("doneOf", { done: sum("done"), all: sum("all") })}
              </Cell>
              <Cell narrow align="end">
                {waiting === 0 ? "–" : waiting}
              </Cell>
              <Cell narrow>
                <AbsoluteTime value={review.dueAt} />
              </Cell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
