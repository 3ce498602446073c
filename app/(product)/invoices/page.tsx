import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { LIST_PATH, listHref, parseListAddress } from "@/app/(product)/invoices/address";
import { presentRows } from "@/app/(product)/invoices/present-row";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { InvoiceTable } from "@/components/invoices/invoice-table";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { INVOICE_STATUSES } from "@/lib/invoices/invoice.schema";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";

export const generateMetadata = titled("product.invoices");

const PAGE_SIZE = 25;

export default async function InvoicesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const address = parseListAddress(await searchParams);
  const caller = await requirePermission(listHref(address), INVOICE_PERMISSIONS.view, {
    impersonated: true,
  });
  const { cursor, ...listing } = address;
  const result = await listInvoices(caller, listing, { limit: PAGE_SIZE, cursor });
  const nothingThere = result.outcome === "rejected" || result.items.length === 0;
  // An old cursor, or a page whose invoices are gone: the list begins elsewhere now.
  if (result.outcome === "rejected" || (nothingThere && cursor)) redirect(listHref(listing));

  const t = await getTranslations("product.invoices");
  const mayCreate = await can(caller, INVOICE_PERMISSIONS.create);
  const filtered = Boolean(listing.q || listing.status);
  const newInvoice = mayCreate && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  const turnTo = (to: string | null) => (to ? listHref({ ...listing, cursor: to }) : undefined);
  return (
    <>
      <PageHeader title={t("title")} actions={!nothingThere && newInvoice} />
      {(!nothingThere || filtered) && (
        // The key empties the fields when the address they show has changed.
        <FilterBar
          key={listHref(listing)}
          action={LIST_PATH}
          label={t("filter")}
          keep={{ sort: listing.sort === "newest" ? undefined : listing.sort }}
          clearHref={filtered ? listHref({ sort: listing.sort }) : undefined}
        >
          <FilterSearch placeholder={t("search")} value={listing.q} />
          <FilterSelect
            name="status"
            label={t("status")}
            value={listing.status}
            options={INVOICE_STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) }))}
          />
        </FilterBar>
      )}
      {nothingThere ? (
        <Card>
          {filtered ? (
            <EmptyState
              title={t("noMatch")}
              description={t("noMatchText")}
              action={
                <ButtonLink href={listHref({ sort: listing.sort })}>{t("clearFilters")}</ButtonLink>
              }
            />
          ) : (
            <EmptyState
              title={t("none")}
              description={t(mayCreate ? "noneMayCreate" : "noneMayNot")}
              action={newInvoice}
            />
          )}
        </Card>
      ) : (
        <>
          <InvoiceTable
            caption={t("title")}
            rows={await presentRows(result.items)}
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
