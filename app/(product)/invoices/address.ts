import { z } from "zod";
import { InvoiceListing } from "@/lib/invoices/invoice.schema";

export const LIST_PATH = "/invoices";

export const invoicePath = (id: string): string => `${LIST_PATH}/${encodeURIComponent(id)}`;

const fields = InvoiceListing.shape;

/** A person's address bar is not a program: what does not fit is left out, not refused. */
const Address = z.object({
  q: fields.q.transform((text) => text || undefined).catch(undefined),
  status: fields.status.catch(undefined),
  sort: fields.sort.catch("newest"),
  cursor: z.string().optional().catch(undefined),
});
export type ListAddress = z.output<typeof Address>;

export const parseListAddress = (parameters: unknown): ListAddress => Address.parse(parameters);

/** The one address of a list: no parameter that says nothing, always in the same order. */
export function listHref({ q, status, sort, cursor }: Partial<ListAddress>): string {
  const parameters = new URLSearchParams();
  if (q) parameters.set("q", q);
  if (status) parameters.set("status", status);
  if (sort && sort !== "newest") parameters.set("sort", sort);
  if (cursor) parameters.set("cursor", cursor);
  return parameters.size === 0 ? LIST_PATH : `${LIST_PATH}?${parameters}`;
}
