import "server-only";
import type { Invoice as InvoiceRow, Prisma } from "@/generated/prisma/client";
import { customerKey } from "@/lib/invoices/customer-key";
import { type Invoice, invoiceOf, type OwnedInvoice } from "@/lib/invoices/invoice";
import type {
  InvoiceChange,
  InvoiceListing,
  InvoiceStatus,
  NewInvoice,
} from "@/lib/invoices/invoice.schema";
import { beyond, orderBy, type Place } from "@/lib/invoices/invoice-order";
import type { Reach } from "@/lib/invoices/reach";
import { prisma } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import type { TenantDb } from "@/lib/platform/db/tenant";

type SearchedIn = "number" | "number-and-customer";

export type Presence = "present" | "deleted";

const WITH_OWNER = { owner: { select: { name: true, email: true } } } as const;

const ownedInvoiceOf = (
  row: InvoiceRow & { owner: { name: string | null; email: string } },
): OwnedInvoice => ({ ...invoiceOf(row), ownerName: row.owner.name ?? row.owner.email });

const within = ({ organizationId, rows }: Reach, presence: Presence): Prisma.InvoiceWhereInput => ({
  organizationId,
  deletedAt: presence === "present" ? null : { not: null },
  AND: [rows],
});

/**
 * Writes an invoice and gives it the organization's next number of the year, in
 * one statement: the counter's row is locked until the transaction ends, so the
 * next writer counts on from what this one wrote. The unique index is the backstop.
 */
export async function insertInvoice(
  invoice: NewInvoice & { id: string; organizationId: string; ownerId: string },
  tx: TenantDb,
): Promise<Invoice> {
  const { id, organizationId, ownerId, customer, amount, currency } = invoice;
  await tx.$executeRaw`
    WITH counter AS (
      INSERT INTO invoice_counters AS c (organization_id, year, last_number)
      VALUES (${organizationId}::uuid, date_part('year', now() AT TIME ZONE 'UTC')::int, 1)
      ON CONFLICT (organization_id, year) DO UPDATE SET last_number = c.last_number + 1
      RETURNING year, last_number::text AS digits
    )
    INSERT INTO invoices
           (id, organization_id, owner_id, number, customer, customer_key, amount, currency)
    SELECT ${id}::uuid, ${organizationId}::uuid, ${ownerId}::uuid,
           'INV-' || year || '-' || lpad(digits, greatest(4, length(digits)), '0'),
           ${customer}, ${customerKey(customer)}, ${amount}::bigint, ${currency}
      FROM counter`;
  return invoiceOf(await tx.invoice.findUniqueOrThrow({ where: { id, organizationId } }));
}

export async function findInvoiceRow(
  id: string,
  reach: Reach,
  presence: Presence,
  tx: TenantDb,
): Promise<OwnedInvoice | null> {
  const where = { ...within(reach, presence), id };
  const row = await tx.invoice.findFirst({ where, include: WITH_OWNER });
  return row && ownedInvoiceOf(row);
}

/** The same, held until the transaction ends: nobody changes it in between. */
export async function lockInvoiceRow(
  id: string,
  reach: Reach,
  presence: Presence,
  tx: TenantDb,
): Promise<OwnedInvoice | null> {
  await tx.$queryRaw`
    SELECT id FROM invoices
     WHERE id = ${id}::uuid AND organization_id = ${reach.organizationId}::uuid FOR UPDATE`;
  return findInvoiceRow(id, reach, presence, tx);
}

/** In the order in which the walk meets them, which is backwards for a previous page. */
export async function listInvoiceRows(
  { q, status, sort, searchedIn }: InvoiceListing & { searchedIn: SearchedIn },
  place: Place | null,
  countMax: number,
  reach: Reach,
  tx: TenantDb,
): Promise<OwnedInvoice[]> {
  const found = q ? await matching({ q, status, searchedIn }, tx) : {};
  const rows = await tx.invoice.findMany({
    where: {
      ...within(reach, "present"),
      AND: [
        reach.rows,
        status === undefined ? {} : { status },
        found,
        place ? beyond(place, sort) : {},
      ],
    },
    orderBy: orderBy(sort, place?.walk ?? "next"),
    take: countMax,
    include: WITH_OWNER,
  });
  return rows.map(ownedInvoiceOf);
}

/** More are not told apart by their ids: a walk through the list then meets one soon. */
const FOUND_MAX = 1_000;

/**
 * What is rare by its ids, which an index finds; what is not, by the condition itself. Behind the
 * wall no index serves a search (docs/decisions/0037).
 */
async function matching(
  {
    q,
    status,
    searchedIn,
  }: { q: string; status: InvoiceStatus | undefined; searchedIn: SearchedIn },
  tx: TenantDb,
): Promise<Prisma.InvoiceWhereInput> {
  const inCustomer = searchedIn === "number-and-customer" ? escapeLike(customerKey(q)) : null;
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM find_invoice_ids(${status ?? null}::text,
                                    ${inCustomer && `%${inCustomer}%`}::text,
                                    ${`%${escapeLike(q)}%`}::text,
                                    ${FOUND_MAX + 1}::int)`;
  if (found.length <= FOUND_MAX) return { id: { in: found.map(({ id }) => id) } };
  return {
    OR: [
      ...(inCustomer ? [{ customerKey: { contains: inCustomer } }] : []),
      { number: { contains: escapeLike(q), mode: "insensitive" as const } },
    ],
  };
}

export async function countRowsByStatus(
  reach: Reach,
  tx: TenantDb,
): Promise<ReadonlyMap<InvoiceStatus, number>> {
  const groups = await tx.invoice.groupBy({
    by: ["status"],
    where: within(reach, "present"),
    _count: true,
  });
  return new Map(groups.map(({ status, _count }) => [status as InvoiceStatus, _count]));
}

/** One conditional UPDATE: null when the row is out of reach or at another version. */
async function changeRow(
  id: string,
  version: number,
  where: Prisma.InvoiceWhereInput,
  data: Prisma.InvoiceUpdateManyMutationInput,
  tx: TenantDb,
): Promise<Invoice | null> {
  const rows = await tx.invoice.updateManyAndReturn({
    where: { ...where, id, version },
    data: { ...data, version: { increment: 1 } },
  });
  return rows[0] ? invoiceOf(rows[0]) : null;
}

export type ChangeRow = (
  id: string,
  version: number,
  reach: Reach,
  tx: TenantDb,
) => Promise<Invoice | null>;

export const updateRow =
  (change: InvoiceChange): ChangeRow =>
  (id, version, reach, tx) => {
    const key = change.customer === undefined ? {} : { customerKey: customerKey(change.customer) };
    return changeRow(id, version, within(reach, "present"), { ...change, ...key }, tx);
  };

export const markRowDeleted: ChangeRow = (id, version, reach, tx) =>
  changeRow(id, version, within(reach, "present"), { deletedAt: new Date() }, tx);

export const unmarkRowDeleted: ChangeRow = (id, version, reach, tx) =>
  changeRow(id, version, within(reach, "deleted"), { deletedAt: null }, tx);

/** Removes for good what was deleted so many days ago, by the database's clock, in every organization. */
export async function purgeDeletedRows(days: number): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM invoices WHERE deleted_at < now() - make_interval(days => ${days}::int)`;
}
