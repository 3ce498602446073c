import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import {
  ACCESS_PATH,
  AccessListing,
  accessHref,
  holdersFileHref,
} from "@/app/admin/access/address";
import { HoldersTable } from "@/app/admin/access/holders-table";
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

export const metadata: Metadata = { title: "Access" };

const PAGE_SIZE = 50;

const REJECTIONS = {
  "unknown-permission": "There is no such permission.",
  "unknown-record":
    "There is no such record in your organization, or none can be named of what this permission is about.",
};

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
  const messages = [
    ...problems.map(({ message }) => message),
    ...(result?.outcome === "rejected" && result.reason !== "unknown-cursor"
      ? [REJECTIONS[result.reason]]
      : []),
  ];
  const page = result?.outcome === "listed" ? result : null;
  return (
    <>
      <PageHeader
        title="Access"
        description="Who may do what, by roles of their own, by teams and by policies."
        actions={
          page !== null && (
            // A file is no page: nothing to go to, and nothing to prefetch.
            <a href={holdersFileHref(listing)} className={buttonClass("secondary")} download>
              Export as CSV
            </a>
          )
        }
      />
      <FilterBar
        key={accessHref(listing)}
        action={ACCESS_PATH}
        label="Choose what is asked"
        clearHref={permission === undefined && record === null ? undefined : ACCESS_PATH}
      >
        <FilterSelect
          name="permission"
          label="Who may"
          anyLabel="Choose a permission"
          value={permission}
          options={CATALOGUE.permissions.map(({ key }) => ({ value: key, label: key }))}
        />
        <FilterSelect
          name="type"
          label="Among"
          anyLabel="Users"
          value={listing.type === "service" ? "service" : undefined}
          options={[{ value: "service", label: "Service accounts" }]}
        />
        <FilterSearch
          name="record"
          label="To this record"
          placeholder="Id of an invoice or a user; empty is any"
          value={record ?? undefined}
        />
      </FilterBar>
      {messages.map((message) => (
        <Callout key={message} tone="danger" role="alert" className="mb-4" title="No answer">
          <p>{message}</p>
        </Callout>
      ))}
      {page !== null && page.holders.length > 0 ? (
        <HoldersTable holders={page.holders} record={page.record} />
      ) : (
        <Card>
          <EmptyState
            title={page === null ? "Choose a permission" : "Nobody on this page"}
            description={
              page === null
                ? "Then everybody is listed who may do it, and why."
                : page.nextCursor === null
                  ? "Nobody may do this."
                  : "None of the first ones may. Go on to look at more."
            }
          />
        </Card>
      )}
      <Pagination
        label="Pages of holders"
        previousHref={cursor === undefined ? undefined : accessHref(listing)}
        nextHref={page?.nextCursor ? accessHref(listing, page.nextCursor) : undefined}
      />
    </>
  );
}
