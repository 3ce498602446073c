import { Plus } from "lucide-react";
import { getTranslations } from "@/app/_locale/translations";
import { LIST_PATH, listHref } from "@/app/(product)/invoices/address";
import { presentRows } from "@/app/(product)/invoices/present-row";
import { InvoiceTable } from "@/components/invoices/invoice-table";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Stat, StatGroup } from "@/components/ui/stat";
import { can } from "@/lib/authz/decide";
import { countInvoices } from "@/lib/invoices/count-invoices";
import { INVOICE_STATUSES } from "@/lib/invoices/invoice.schema";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";

const RECENT_COUNT = 5;

/** For callers who may see invoices: how many there are of each status, and the newest ones. */
export async function InvoiceOverview({ caller }: { caller: Caller }) {
  const t = await getTranslations("product.invoices");
  const [counts, recent, mayCreate] = await Promise.all([
    countInvoices(caller),
    listInvoices(caller, { sort: "newest" }, { limit: RECENT_COUNT }),
    can(caller, INVOICE_PERMISSIONS.create),
  ]);
  const rows = recent.outcome === "listed" ? await presentRows(recent.items) : [];
  const newInvoice = mayCreate && (
    <ButtonLink href={`${LIST_PATH}/new`} size="sm">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <StatGroup>
        {INVOICE_STATUSES.map((status) => (
          <Stat
            key={status}
            label={t(`statuses.${status}`)}
            value={counts[status]}
            href={listHref({ status })}
          />
        ))}
      </StatGroup>
      <Section
        title={t("recent")}
        flush
        actions={
          <>
            {newInvoice}
            <ButtonLink href={LIST_PATH} size="sm" variant="ghost">
              {t("all")}
            </ButtonLink>
          </>
        }
      >
        {rows.length === 0 ? (
          <EmptyState level={3} title={t("none")} description={t("noneRecent")} />
        ) : (
          <InvoiceTable caption={t("recent")} rows={rows} framed={false} />
        )}
      </Section>
    </>
  );
}
