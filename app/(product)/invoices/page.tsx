import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requirePermission } from "@/app/_http/page";
import { LIST_PATH, listHref, parseListAddress } from "@/app/(product)/invoices/address";
import { presentRow } from "@/app/(product)/invoices/present-row";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { STATUS_OPTIONS } from "@/components/invoices/invoice-status";
import { InvoiceTable } from "@/components/invoices/invoice-table";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";

export const metadata: Metadata = { title: "Invoices" };

const PAGE_SIZE = 25;

export default async function InvoicesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const address = parseListAddress(await searchParams);
  const caller = await requirePermission(listHref(address), INVOICE_PERMISSIONS.view);
  const { cursor, ...listing } = address;
  const result = await listInvoices(caller, listing, { limit: PAGE_SIZE, cursor });
  const nothingThere = result.outcome === "rejected" || result.items.length === 0;
  // An old cursor, or a page whose invoices are gone: the list begins elsewhere now.
  if (result.outcome === "rejected" || (nothingThere && cursor)) redirect(listHref(listing));

  const mayCreate = await can(caller, INVOICE_PERMISSIONS.create);
  const filtered = Boolean(listing.q || listing.status);
  const newInvoice = mayCreate && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      New invoice
    </ButtonLink>
  );
  const turnTo = (to: string | null) => (to ? listHref({ ...listing, cursor: to }) : undefined);
  return (
    <>
      <PageHeader title="Invoices" actions={!nothingThere && newInvoice} />
      {(!nothingThere || filtered) && (
        // The key empties the fields when the address they show has changed.
        <FilterBar
          key={listHref(listing)}
          action={LIST_PATH}
          label="Filter invoices"
          keep={{ sort: listing.sort === "newest" ? undefined : listing.sort }}
          clearHref={filtered ? listHref({ sort: listing.sort }) : undefined}
        >
          <FilterSearch placeholder="Number or customer" value={listing.q} />
          <FilterSelect
            name="status"
            label="Status"
            value={listing.status}
            options={STATUS_OPTIONS}
          />
        </FilterBar>
      )}
      {nothingThere ? (
        <Card>
          {filtered ? (
            <EmptyState
              title="No invoices match"
              description="Try fewer letters, or another status."
              action={
                <ButtonLink href={listHref({ sort: listing.sort })}>Clear filters</ButtonLink>
              }
            />
          ) : (
            <EmptyState
              title="No invoices yet"
              description={
                mayCreate
                  ? "The first one gets its number by itself."
                  : "Invoices appear here as soon as there are some that you may see."
              }
              action={newInvoice}
            />
          )}
        </Card>
      ) : (
        <>
          <InvoiceTable
            caption="Invoices"
            rows={result.items.map(presentRow)}
            sorting={{ current: result.sort, hrefOf: (sort) => listHref({ ...listing, sort }) }}
          />
          <Pagination
            previousHref={turnTo(result.previousCursor)}
            nextHref={turnTo(result.nextCursor)}
          />
        </>
      )}
    </>
  );
}
