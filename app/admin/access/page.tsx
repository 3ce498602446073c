import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { ACCESS_PATH, accessHref, holdersFileHref } from "@/app/admin/access/address";
import { HoldersTable } from "@/app/admin/access/holders-table";
import { AccessListing } from "@/app/admin/access/listing.schema";
import { CATALOGUE } from "@/app/resources";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { listHolders } from "@/lib/decisions/list-holders";

export const generateMetadata = titled("admin-access");

const PAGE_SIZE = 50;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AccessPage({ searchParams }: Search) {
  const search = await searchParams;
  const { listing, problems, cursor } = parseListingAddress(AccessListing, search);
  const caller = await requirePermission(accessHref(listing, cursor), DECISION_PERMISSIONS.view);
  const { permission, record = null, type = "user" } = listing;
  const result =
    permission === undefined || problems.length > 0
      ? null
      : await answerDenials(() =>
          listHolders(
            caller,
            { permission, record, type },
            { cursor, limit: PAGE_SIZE },
            CATALOGUE,
          ),
        );
  if (result?.outcome === "rejected" && result.reason === "unknown-cursor") {
    redirect(accessHref(listing));
  }
  const t = await getTranslations("admin-access");
  const messages = [
    ...(await Promise.all(problems.map(({ message }) => validationWords(message)))),
    ...(result?.outcome === "rejected" && result.reason !== "unknown-cursor"
      ? [t(`rejections.${result.reason}`)]
      : []),
  ];
  const page = result?.outcome === "listed" ? result : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          page !== null && (
            // A file is no page: nothing to go to, and nothing to prefetch.
            <a href={holdersFileHref(listing)} className={buttonClass("secondary")} download>
              {t("export")}
            </a>
          )
        }
      />
      <FilterBar
        key={accessHref(listing)}
        action={ACCESS_PATH}
        label={t("filter")}
        clearHref={permission === undefined && record === null ? undefined : ACCESS_PATH}
      >
        <FilterSelect
          name="permission"
          label={t("who")}
          anyLabel={t("choose")}
          value={permission}
          options={CATALOGUE.permissions.map(({ key }) => ({ value: key, label: key }))}
        />
        <FilterSelect
          name="type"
          label={t("among")}
          anyLabel={t("users")}
          value={listing.type === "service" ? "service" : undefined}
          options={[{ value: "service", label: t("services") }]}
        />
        <FilterSearch
          name="record"
          label={t("record")}
          placeholder={t("recordHint")}
          value={record ?? undefined}
        />
      </FilterBar>
      {messages.map((message) => (
        <Callout key={message} tone="danger" role="alert" className="mb-4" title={t("noAnswer")}>
          <p>{message}</p>
        </Callout>
      ))}
      {page !== null && page.holders.length > 0 ? (
        <HoldersTable holders={page.holders} record={page.record} />
      ) : (
        <Card>
          <EmptyState
            title={page === null ? t("choose") : t("nobody")}
            description={
              page === null
                ? t("chooseText")
                : page.nextCursor === null
                  ? t("nobodyMay")
                  : t("nobodyYet")
            }
          />
        </Card>
      )}
      <Pagination
        label={t("pages")}
        previousHref={cursor === undefined ? undefined : accessHref(listing)}
        nextHref={page?.nextCursor ? accessHref(listing, page.nextCursor) : undefined}
      />
    </>
  );
}
