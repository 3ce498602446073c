import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { snapshotOf } from "@/lib/invoices/invoice";
import type { NewInvoice } from "@/lib/invoices/invoice.schema";
import { insertInvoice } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { type Shown, showInvoice } from "@/lib/invoices/shown-invoice";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

/** Writes a draft that the caller owns, under a number that no other invoice of theirs has. */
export async function createInvoice(caller: Caller, input: NewInvoice): Promise<Shown> {
  const { userId, organizationId } = caller.principal;
  const owned = { ...input, id: newId(), organizationId, ownerId: userId };
  await authorize(caller, INVOICE_PERMISSIONS.create, owned);
  return inTenant(organizationId, async (tx) => {
    const invoice = await insertInvoice(owned, tx);
    await recordChange(
      caller,
      {
        action: "invoice.created",
        target: { type: "invoice", id: invoice.id },
        after: snapshotOf(invoice),
      },
      tx,
    );
    return showInvoice(caller, invoice);
  });
}
