import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize, authorizeFields } from "@/lib/authz/authorize";
import { snapshotOf } from "@/lib/invoices/invoice";
import { InvoiceId } from "@/lib/invoices/invoice.schema";
import {
  type ChangeRow,
  findInvoiceRow,
  lockInvoiceRow,
  type Presence,
} from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { reachOf } from "@/lib/invoices/reach";
import { type Shown, showInvoice } from "@/lib/invoices/shown-invoice";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

export type InvoiceChangeResult =
  | { outcome: "changed"; invoice: Shown }
  | { outcome: "rejected"; reason: "not-found" }
  /** Somebody else was faster: `current` is what they left. */
  | { outcome: "rejected"; reason: "stale"; current: Shown };

const NOT_FOUND = { outcome: "rejected", reason: "not-found" } as const;

/**
 * Changes an invoice only while it is at one of the versions that the caller
 * has seen, and records it together with what it was. Of many callers who saw
 * the same version one wins; the others are told "stale". Without versions the
 * last writer wins.
 *
 * What the caller cannot see is "not-found"; what they see but must not change
 * throws AccessDenied. Both are settled before the transaction, because a
 * refusal is recorded on a connection of its own.
 */
export async function changeReachableInvoice(
  caller: Caller,
  id: string,
  versions: readonly number[] | undefined,
  change: {
    permission: Permission;
    presence: Presence;
    action: string;
    /** The fields that are written: none that a policy hides from the caller. */
    fields?: readonly string[];
    write: ChangeRow;
  },
): Promise<InvoiceChangeResult> {
  await authorize(caller, change.permission);
  if (!InvoiceId.safeParse(id).success) return NOT_FOUND;
  const visible = await reachOf(caller, INVOICE_PERMISSIONS.view);
  const seen = await inTenant(visible.organizationId, (tx) =>
    findInvoiceRow(id, visible, change.presence, tx),
  );
  if (seen === null) return NOT_FOUND;
  await authorize(caller, change.permission, { ...seen });
  for (const permission of [INVOICE_PERMISSIONS.view, change.permission]) {
    await authorizeFields(caller, permission, { ...seen }, change.fields ?? []);
  }
  const changeable = await reachOf(caller, change.permission);

  return inTenant(visible.organizationId, async (tx) => {
    // A row that is still at the version read above is the row read above. Only
    // who writes over any version has to hold it first, to record what it was.
    const before = versions ? seen : await lockInvoiceRow(id, visible, change.presence, tx);
    if (before === null) return NOT_FOUND;
    const wanted = versions?.includes(before.version) ?? true;
    const invoice = wanted ? await change.write(id, before.version, changeable, tx) : null;
    if (invoice === null) {
      const current = await findInvoiceRow(id, visible, change.presence, tx);
      if (current === null) return NOT_FOUND;
      return { outcome: "rejected", reason: "stale", current: await showInvoice(caller, current) };
    }
    await recordChange(
      caller,
      {
        action: change.action,
        target: { type: "invoice", id },
        before: snapshotOf(before),
        after: snapshotOf(invoice),
      },
      tx,
    );
    return { outcome: "changed", invoice: await showInvoice(caller, invoice) };
  });
}
