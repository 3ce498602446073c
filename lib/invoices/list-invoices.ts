import "server-only";
import { authorize } from "@/lib/authz/authorize";
import type { OwnedInvoice } from "@/lib/invoices/invoice";
import type { InvoiceListing, InvoiceSort } from "@/lib/invoices/invoice.schema";
import { cursorAt, type Place, placeOf } from "@/lib/invoices/invoice-order";
import { listInvoiceRows } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { reachOf } from "@/lib/invoices/reach";
import { type Shown, showInvoices, withoutHidden } from "@/lib/invoices/shown-invoice";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";

export interface InvoicePage {
  items: Shown<OwnedInvoice>[];
  /** The order in which they stand: the newest first where a policy hides what was asked for. */
  sort: InvoiceSort;
  nextCursor: string | null;
  previousCursor: string | null;
}

export type InvoiceListingResult =
  | ({ outcome: "listed" } & InvoicePage)
  | { outcome: "rejected"; reason: "unknown-cursor" };

/**
 * One page of the invoices that the caller may see. Pages neither repeat nor
 * skip an invoice when others are written meanwhile, since a cursor names a
 * place in the order and not a count of rows.
 */
export async function listInvoices(
  caller: Caller,
  wanted: InvoiceListing,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<InvoiceListingResult> {
  await authorize(caller, INVOICE_PERMISSIONS.view);
  const listing = await withoutHidden(caller, wanted);
  const place = cursor === undefined ? null : placeOf(cursor, listing.sort);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const reach = await reachOf(caller, INVOICE_PERMISSIONS.view);
  // One row more than asked for says whether there is another page.
  const rows = await inTenant(reach.organizationId, (tx) =>
    listInvoiceRows(listing, place, limit + 1, reach, tx),
  );
  const { items, ...cursors } = pageOf(rows, limit, place, listing.sort);
  return {
    outcome: "listed",
    sort: listing.sort,
    items: await showInvoices(caller, items),
    ...cursors,
  };
}

function pageOf(rows: OwnedInvoice[], limit: number, place: Place | null, sort: InvoiceSort) {
  const further = rows.length > limit;
  const items = rows.slice(0, limit);
  const backwards = place?.walk === "previous";
  if (backwards) items.reverse();
  const [first, last] = [items.at(0), items.at(-1)];
  // Whoever came from one side can go back there.
  const hasNext = backwards || further;
  const hasPrevious = backwards ? further : place !== null;
  return {
    items,
    nextCursor: last && hasNext ? cursorAt(last, sort, "next") : null,
    previousCursor: first && hasPrevious ? cursorAt(first, sort, "previous") : null,
  };
}
