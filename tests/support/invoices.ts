import { createInvoice } from "@/lib/invoices/create-invoice";
import type { NewInvoice } from "@/lib/invoices/invoice.schema";
import type { Shown } from "@/lib/invoices/shown-invoice";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

export const A_NEW_INVOICE: NewInvoice = { customer: "Acme GmbH", amount: 12_345, currency: "EUR" };

export const anInvoice = (caller: Caller, overrides: Partial<NewInvoice> = {}): Promise<Shown> =>
  createInvoice(caller, { ...A_NEW_INVOICE, ...overrides });

/** As when an administrator wrote it for them: the role User cannot create one. */
export async function anInvoiceOwnedBy(owner: Caller, writer: Caller): Promise<Shown> {
  const invoice = await anInvoice(writer);
  const { userId: ownerId } = owner.principal;
  await prisma().invoice.update({ where: { id: invoice.id }, data: { ownerId } });
  return { ...invoice, ownerId };
}
