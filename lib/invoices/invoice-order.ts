import "server-only";
import { z } from "zod";
import type { Prisma } from "@/generated/prisma/client";
import { customerKey } from "@/lib/invoices/customer-key";
import type { Invoice } from "@/lib/invoices/invoice";
import type { InvoiceSort } from "@/lib/invoices/invoice.schema";
import { CursorText, CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";

type Column = "createdAt" | "amount" | "customerKey";
type Direction = "asc" | "desc";
type Walk = "next" | "previous";

const ORDERS: Record<InvoiceSort, readonly [Column, Direction]> = {
  newest: ["createdAt", "desc"],
  oldest: ["createdAt", "asc"],
  amount: ["amount", "asc"],
  "-amount": ["amount", "desc"],
  customer: ["customerKey", "asc"],
  "-customer": ["customerKey", "desc"],
};

const KEYS = {
  createdAt: CursorTime,
  amount: z.int(),
  customerKey: CursorText,
} satisfies Record<Column, z.ZodType>;

/** The invoice beside which a page begins, and on which side of it. */
export interface Place {
  walk: Walk;
  key: string | number;
  id: string;
}

const keyOf = (invoice: Invoice, column: Column): string | number => {
  if (column === "createdAt") return invoice.createdAt.toISOString();
  return column === "amount" ? invoice.amount : customerKey(invoice.customer);
};

/** The cursor names its order: it means nothing in another one. */
export const cursorAt = (invoice: Invoice, sort: InvoiceSort, walk: Walk): string =>
  encodeCursor([sort, walk, keyOf(invoice, ORDERS[sort][0]), invoice.id]);

/** Null for what is no cursor of a list in this order. */
export function placeOf(cursor: string, sort: InvoiceSort): Place | null {
  const schema = z.tuple([
    z.literal(sort),
    z.enum(["next", "previous"]),
    KEYS[ORDERS[sort][0]],
    z.uuid(),
  ]);
  const values = decodeCursor(cursor, schema);
  return values && { walk: values[1], key: values[2], id: values[3] };
}

/** The order of a query; walking back reads the same index from the other side. */
export function orderBy(sort: InvoiceSort, walk: Walk): Prisma.InvoiceOrderByWithRelationInput[] {
  const [column, direction] = directed(sort, walk);
  return [{ [column]: direction }, { id: direction }];
}

/**
 * What lies beyond a place. The first condition is implied by the second, and
 * lets the index start there instead of at the beginning of the list.
 */
export function beyond(place: Place, sort: InvoiceSort): Prisma.InvoiceWhereInput {
  const [column, direction] = directed(sort, place.walk);
  const beyondIt = direction === "asc" ? "gt" : "lt";
  return {
    AND: [
      { [column]: { [`${beyondIt}e`]: place.key } },
      { OR: [{ [column]: { [beyondIt]: place.key } }, { id: { [beyondIt]: place.id } }] },
    ],
  };
}

function directed(sort: InvoiceSort, walk: Walk): readonly [Column, Direction] {
  const [column, direction] = ORDERS[sort];
  if (walk === "next") return [column, direction];
  return [column, direction === "asc" ? "desc" : "asc"];
}
