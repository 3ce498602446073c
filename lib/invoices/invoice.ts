import "server-only";
import type { Invoice as InvoiceRow } from "@/generated/prisma/client";
import type { JsonValue } from "@/lib/audit/record-event";
import type { InvoiceStatus } from "@/lib/invoices/invoice.schema";

/** An invoice as use cases hand it out. */
export interface Invoice {
  id: string;
  number: string;
  customer: string;
  /** In minor units of the currency. */
  amount: number;
  currency: string;
  status: InvoiceStatus;
  ownerId: string;
  createdAt: Date;
  updatedAt: Date;
  /** Raised by every change: it names what a reader saw (RFC 9110 §8.8.3). */
  version: number;
}

/** With the owner's name, for people to read. */
export type OwnedInvoice = Invoice & { ownerName: string };

/** Leaves out what is the store's own: organization, search key, deletion. */
export const invoiceOf = (row: InvoiceRow): Invoice => ({
  id: row.id,
  number: row.number,
  customer: row.customer,
  amount: Number(row.amount),
  currency: row.currency,
  // The database lets in no other.
  status: row.status as InvoiceStatus,
  ownerId: row.ownerId,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  version: row.version,
});

/** What the audit log keeps of an invoice before and after a change. */
export const snapshotOf = (
  invoice: Pick<Invoice, "number" | "currency" | "status" | "version"> & {
    customer: string | null;
    amount: number | null;
  },
): JsonValue => ({
  number: invoice.number,
  customer: invoice.customer,
  amount: invoice.amount,
  currency: invoice.currency,
  status: invoice.status,
  version: invoice.version,
});
