import { Plus } from "lucide-react";
import { LIST_PATH, listHref } from "@/app/(product)/invoices/address";
import { presentRow } from "@/app/(product)/invoices/present-row";
import { STATUS_LABELS } from "@/components/invoices/invoice-status";
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
  const [counts, recent, mayCreate] = await Promise.all([
    countInvoices(caller),
    listInvoices(caller, { sort: "newest" }, { limit: RECENT_COUNT }),
    can(caller, INVOICE_PERMISSIONS.create),
  ]);
  const rows = recent.outcome === "listed" ? recent.items.map(presentRow) : [];
  const newInvoice = mayCreate && (
    <ButtonLink href={`${LIST_PATH}/new`} size="sm">
      <Plus aria-hidden="true" />
      New invoice
    </ButtonLink>
  );
  return (
    <>
      <StatGroup>
        {INVOICE_STATUSES.map((status) => (
          <Stat
            key={status}
            label={STATUS_LABELS[status]}
            value={counts[status]}
            href={listHref({ status })}
          />
        ))}
      </StatGroup>
      <Section
        title="Recent invoices"
        flush
        actions={
          <>
            {newInvoice}
            <ButtonLink href={LIST_PATH} size="sm" variant="ghost">
              All invoices
            </ButtonLink>
          </>
        }
      >
        {rows.length === 0 ? (
          <EmptyState
            level={3}
            title="No invoices yet"
            description="Those that you may see appear here, the newest first."
          />
        ) : (
          <InvoiceTable caption="Recent invoices" rows={rows} framed={false} />
        )}
      </Section>
    </>
  );
}
