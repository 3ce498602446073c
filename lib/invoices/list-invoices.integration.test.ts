import { beforeAll, describe, expect, test } from "vitest";
import { deleteInvoice } from "@/lib/invoices/delete-invoice";
import {
  INVOICE_SORTS,
  type InvoiceListing,
  type InvoiceSort,
} from "@/lib/invoices/invoice.schema";
import { type InvoicePage, listInvoices } from "@/lib/invoices/list-invoices";
import type { Shown } from "@/lib/invoices/shown-invoice";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { encodeCursor } from "@/lib/shared/cursor";
import { anInvoice } from "@/tests/support/invoices";
import { aForeignCaller } from "@/tests/support/strangers";

const LIMIT = 5;
let caller: Caller;
const written: Shown[] = [];

const NAMES = [
  "Zeiss",
  "adidas",
  "Äther AG",
  "Bosch",
  "50% off",
  "under_score",
  String.raw`back\slash`,
];

beforeAll(async () => {
  caller = await aForeignCaller(["Manager"]);
  // Many share an amount and a name, so that only the id tells them apart.
  for (let index = 0; index < 23; index += 1) {
    const customer = NAMES[index % NAMES.length] ?? "";
    written.push(await anInvoice(caller, { customer, amount: (index % 4) * 100 }));
  }
  // And many were written in the same millisecond.
  const ids = written.slice(0, 9).map(({ id }) => id);
  const createdAt = written[0]?.createdAt ?? new Date();
  await prisma().invoice.updateMany({ where: { id: { in: ids } }, data: { createdAt } });
});

async function pageOf(listing: Partial<InvoiceListing>, cursor?: string): Promise<InvoicePage> {
  const page = await listInvoices(caller, { sort: "newest", ...listing }, { limit: LIMIT, cursor });
  if (page.outcome !== "listed") throw new Error(page.reason);
  return page;
}

async function walk(sort: InvoiceSort, from: "nextCursor" | "previousCursor", start?: string) {
  const pages: InvoicePage[] = [];
  for (let cursor = start; pages.length < 10; ) {
    const page = await pageOf({ sort }, cursor);
    pages.push(page);
    cursor = page[from] ?? undefined;
    if (cursor === undefined) return pages;
  }
  throw new Error("the walk does not end");
}

const idsOf = (pages: InvoicePage[]): string[] =>
  pages.flatMap(({ items }) => items.map(({ id }) => id));

describe.each(INVOICE_SORTS)("in the order %s", (sort) => {
  test("pages hold every invoice once, sorted, forwards and backwards alike", async () => {
    const forwards = await walk(sort, "nextCursor");
    const ids = idsOf(forwards);
    expect(new Set(ids)).toEqual(new Set(written.map(({ id }) => id)));
    expect(ids).toHaveLength(written.length);
    expect(forwards.map(({ items }) => items.length)).toEqual([5, 5, 5, 5, 3]);
    expect(forwards[0]?.previousCursor).toBeNull();

    const start = forwards.at(-1)?.previousCursor ?? "";
    const backwards = await walk(sort, "previousCursor", start);
    expect(idsOf(backwards.toReversed())).toEqual(ids.slice(0, 20));
    expect(backwards.at(-1)?.nextCursor).not.toBeNull();
  });
});

test("each order is what its name says", async () => {
  const valuesOf = async <T>(sort: InvoiceSort, value: (invoice: Shown) => T): Promise<T[]> =>
    (await walk(sort, "nextCursor")).flatMap(({ items }) => items.map(value));
  const amounts = await valuesOf("amount", ({ amount }) => amount ?? -1);
  expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
  expect(await valuesOf("-amount", ({ amount }) => amount ?? -1)).toEqual(amounts.toReversed());
  const times = await valuesOf("oldest", ({ createdAt }) => createdAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await valuesOf("newest", ({ createdAt }) => createdAt.getTime())).toEqual(
    times.toReversed(),
  );
  const names = [...new Set(await valuesOf("customer", ({ customer }) => customer ?? ""))];
  expect(names.filter((name) => /^[A-ZÄa]/.test(name))).toEqual([
    "adidas",
    "Äther AG",
    "Bosch",
    "Zeiss",
  ]);
});

test("an invoice written between two pages is neither repeated nor pushes one out", async () => {
  const elsewhere = await aForeignCaller(["Manager"]);
  const ids: string[] = [];
  for (let index = 0; index < 4; index += 1) ids.unshift((await anInvoice(elsewhere)).id);
  const listing = { sort: "newest" } as const;
  const first = await listInvoices(elsewhere, listing, { limit: 2 });
  await anInvoice(elsewhere);
  await deleteInvoice(elsewhere, ids[1] ?? "");
  if (first.outcome !== "listed") throw new Error(first.reason);
  const second = await listInvoices(elsewhere, listing, {
    limit: 2,
    cursor: first.nextCursor ?? "",
  });
  expect(second).toMatchObject({ items: [{ id: ids[2] }, { id: ids[3] }], nextCursor: null });
});

test.each([
  ["a part of the name", "eis", ["Zeiss"]],
  ["other case", "BOSCH", ["Bosch"]],
  ["no accents", "ather", ["Äther AG"]],
  ["a percent sign, literally", "%", ["50% off"]],
  ["an underscore, literally", "_", ["under_score"]],
  ["a backslash, literally", "\\", [String.raw`back\slash`]],
  ["a quote", "'", []],
  ["nothing that is there", "zzz", []],
])("search finds by %s", async (_name, q, names) => {
  const { items } = await pageOf({ q });
  expect([...new Set(items.map(({ customer }) => customer ?? ""))]).toEqual(names);
});

test("search finds by number, in any case", async () => {
  const { id, number } = written[3] ?? { id: "", number: "" };
  const { items } = await pageOf({ q: number.toLowerCase() });
  expect(items.map((invoice) => invoice.id)).toEqual([id]);
});

test("status, search and cursor narrow together", async () => {
  for (const { id } of written.slice(0, 14)) await updateInvoice(caller, id, { status: "paid" });
  const listing = { q: "zeiss", status: "paid" } as const;
  const { items, nextCursor } = await pageOf(listing);
  expect(items.map(({ customer, status }) => [customer, status])).toEqual([
    ["Zeiss", "paid"],
    ["Zeiss", "paid"],
  ]);
  expect(nextCursor).toBeNull();
});

test("an invoice comes with the name of its owner", async () => {
  const { items } = await pageOf({});
  expect(items[0]?.ownerName).toBe(caller.principal.name);
});

test.each([
  ["no cursor at all", "x"],
  [
    "a cursor of another order",
    encodeCursor(["amount", "next", 1, "0190a6de-0000-7000-8000-000000000000"]),
  ],
  [
    "a key of another type",
    encodeCursor(["newest", "next", 1, "0190a6de-0000-7000-8000-000000000000"]),
  ],
  [
    "a date that is none",
    encodeCursor(["newest", "next", "x", "0190a6de-0000-7000-8000-000000000000"]),
  ],
  ["an id that is none", encodeCursor(["newest", "next", "2026-01-01T00:00:00.000Z", "1"])],
  [
    "a walk that is none",
    encodeCursor([
      "newest",
      "up",
      "2026-01-01T00:00:00.000Z",
      "0190a6de-0000-7000-8000-000000000000",
    ]),
  ],
])("%s is refused", async (_name, cursor) => {
  expect(await listInvoices(caller, { sort: "newest" }, { limit: LIMIT, cursor })).toEqual({
    outcome: "rejected",
    reason: "unknown-cursor",
  });
});

test("a cursor with a NUL in its name is refused before the database sees it", async () => {
  const cursor = encodeCursor(["customer", "next", "\0", "0190a6de-0000-7000-8000-000000000000"]);
  expect(await listInvoices(caller, { sort: "customer" }, { limit: LIMIT, cursor })).toMatchObject({
    outcome: "rejected",
  });
});
