import "server-only";
import { purgeDeletedRows } from "@/lib/invoices/invoice-store";

/** Undo is for the next minutes; this is for the question somebody asks a month later. */
const KEEP_DAYS = 30;

/** Removes invoices for good that were deleted long ago; returns how many. */
export const purgeInvoices = (): Promise<number> => purgeDeletedRows(KEEP_DAYS);
