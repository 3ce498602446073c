import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { AnswersSection } from "@/app/admin/reviews/[id]/answers-section";
import { ItemsTable } from "@/app/admin/reviews/[id]/items-table";
import { ProgressSection } from "@/app/admin/reviews/[id]/progress-section";
import { ReviewActions } from "@/app/admin/reviews/[id]/review-actions";
import { itemsHref, REVIEWS_PATH, reviewPath } from "@/app/admin/reviews/address";
import { ReviewFlash } from "@/app/admin/reviews/review-flash";
import { describeScope, STATE_TONES } from "@/app/admin/reviews/words";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { ITEM_KINDS, ITEM_STATUSES, ItemListing } from "@/lib/access-reviews/access-review.schema";
import { findReview, listItems } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { can } from "@/lib/authz/decide";

export const generateMetadata = titled("admin-reviews.one");

const PAGE_SIZE = 50;

const Address = ItemListing.extend({ view: z.enum(["own", "all"]).optional() });

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReviewPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { listing: address, cursor } = parseListingAddress(Address, await searchParams);
  const here = itemsHref(id, address, cursor);
  const caller = await requirePermission(here, REVIEW_PERMISSIONS.answer);
  const review = await answerDenials(() => findReview(caller, id));
  if (review === null) notFound();
  const mayManage = await can(caller, REVIEW_PERMISSIONS.manage);
  const ownId = caller.principal.userId;
  const mine = review.progress.find(({ reviewerId }) => reviewerId === ownId);
  const { view = mine === undefined ? "all" : "own", ...listing } = address;
  const own = view === "own" || !mayManage;
  const result = await answerDenials(() =>
    listItems(caller, id, listing, { cursor, limit: PAGE_SIZE, own }),
  );
  if (result.outcome === "not-found") notFound();
  if (result.outcome === "rejected") redirect(itemsHref(id, address));
  const words = await getTranslations("admin-reviews");
  const t = await getTranslations("admin-reviews.one");
  const scope = describeScope(await getTranslations("admin-reviews.scope"), review.scope);
  const filtered = Boolean(listing.q || listing.kind || listing.status);
  const clearHref = itemsHref(id, { view: address.view });
  const turnTo = (to: string | null) => (to === null ? undefined : itemsHref(id, address, to));
  const answerable = (item: (typeof result.items)[number]): boolean =>
    review.state === "open" && item.outcome === null && item.reviewerId === ownId;
  return (
    <>
      <ReviewFlash />
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: words("title"), href: REVIEWS_PATH }, { label: review.name }]}
          />
        }
        title={review.name}
        aside={
          <Badge tone={STATE_TONES[review.state]} dot>
            {words(`states.${review.state}`)}
          </Badge>
        }
        description={
          <>
            {review.note !== "" && <>{review.note} · </>}
            {t.rich("about", { scope, author: review.authorName, ...timeAt(review.dueAt) })}
          </>
        }
        actions={mayManage && <ReviewActions review={review} />}
      />
      <div className="space-y-6">
        {mayManage && <ProgressSection review={review} />}
        {mayManage && mine !== undefined && (
          <nav aria-label={t("whose")} className="flex gap-2">
            <ButtonLink
              href={itemsHref(id, { ...listing, view: "own" })}
              size="sm"
              aria-current={own ? "page" : undefined}
              variant={own ? "secondary" : "ghost"}
            >
              {words("yours")}
            </ButtonLink>
            <ButtonLink
              href={itemsHref(id, { ...listing, view: "all" })}
              size="sm"
              aria-current={own ? undefined : "page"}
              variant={own ? "ghost" : "secondary"}
            >
              {t("everybodys")}
            </ButtonLink>
          </nav>
        )}
      </div>
      <div className="mt-6">
        <FilterBar
          key={here}
          action={reviewPath(id)}
          label={t("filter")}
          keep={{ view: address.view }}
          clearHref={filtered ? clearHref : undefined}
        >
          <FilterSearch placeholder={t("search")} value={listing.q} />
          <FilterSelect
            name="kind"
            label={t("kind")}
            value={listing.kind}
            options={ITEM_KINDS.map((value) => ({ value, label: words(`kinds.${value}`) }))}
          />
          <FilterSelect
            name="status"
            label={t("answer")}
            value={listing.status}
            options={ITEM_STATUSES.map((value) => ({
              value,
              label: `${words(`statuses.${value}`)} (${result.counts[value] ?? 0})`,
            }))}
          />
        </FilterBar>
        {result.items.length === 0 ? (
          <Card>
            <EmptyState
              title={t(filtered ? "noMatch" : "none")}
              description={t(filtered ? "noMatchText" : "noneText")}
              action={filtered && <ButtonLink href={clearHref}>{t("clearFilters")}</ButtonLink>}
            />
          </Card>
        ) : (
          <ItemsTable reviewId={id} items={result.items} answerable={answerable} />
        )}
        <Pagination
          label={t("pages")}
          previousHref={turnTo(result.previousCursor)}
          nextHref={turnTo(result.nextCursor)}
        />
        {result.items.some(answerable) && <AnswersSection reviewId={id} />}
      </div>
    </>
  );
}
