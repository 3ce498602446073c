import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { countInvoices } from "@/lib/invoices/count-invoices";
import { createInvoice } from "@/lib/invoices/create-invoice";
import { deleteInvoice, restoreInvoice } from "@/lib/invoices/delete-invoice";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { INVOICE_RESOURCE } from "@/lib/invoices/invoice-resource";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { purgeInvoices } from "@/lib/invoices/purge-invoices";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { A_NEW_INVOICE } from "@/tests/support/invoices";
import { watchStatements } from "@/tests/support/statements";

// Whoever reads or writes invoices without the wall is found by what they send, whichever
// function of the store it was (F81).

/** Statements about invoices that were sent outside of a tenant's transaction. */
const outside: string[] = [];
const inside: string[] = [];
/** The first word of each statement. */
const verbs: string[] = [];
const walled = new WeakSet<object>();

watchStatements(({ text, connection }) => {
  if (/^\s*SELECT set_config\('role', tenant_role\(\), true\)/.test(text)) walled.add(connection);
  if (/^\s*(COMMIT|ROLLBACK|BEGIN)/i.test(text)) walled.delete(connection);
  if (/\binvoice(s|_counters|_ids)\b/.test(text)) {
    (walled.has(connection) ? inside : outside).push(text);
  }
  verbs.push(text.trim().split(/\s/)[0] ?? "");
});

let caller: Caller;

beforeAll(async () => {
  caller = await aCaller({ roles: ["Admin"] });
});

const write = () => createInvoice(caller, A_NEW_INVOICE);

/** Every file of this folder that uses the store, and each thing that it can be asked for. */
const USE_CASES: Record<string, () => Promise<unknown>> = {
  "count-invoices.ts": () => countInvoices(caller),
  "create-invoice.ts": write,
  "find-invoice.ts": async () => findInvoice(caller, (await write()).id),
  "invoice-resource.ts": async () => {
    const { organizationId } = caller.principal;
    await INVOICE_RESOURCE.find((await write()).id, organizationId);
    await INVOICE_RESOURCE.list(organizationId, {}, null, 1);
  },
  "list-invoices.ts": async () => {
    await write();
    const first = await listInvoices(caller, { sort: "newest" }, { limit: 1 });
    const cursor = first.outcome === "listed" ? (first.nextCursor ?? undefined) : undefined;
    await listInvoices(caller, { sort: "newest" }, { limit: 1, cursor });
    await listInvoices(caller, { sort: "amount", q: "acme", status: "draft" }, { limit: 1 });
  },
  "change-reachable-invoice.ts": async () => {
    const { id } = await write();
    await updateInvoice(caller, id, { customer: "Other" });
    await updateInvoice(caller, id, { customer: "Stale" }, [1]);
  },
  "delete-invoice.ts": async () => {
    const { id } = await write();
    await deleteInvoice(caller, id);
    await restoreInvoice(caller, id);
  },
  "update-invoice.ts": async () => {
    const { id, version } = await write();
    expect((await updateInvoice(caller, id, { amount: 1 }, [version])).outcome).toBe("changed");
  },
};

/** Acts for nobody and in every organization. */
const JOBS = ["purge-invoices.ts"];

test("every use case of invoices is tried here", () => {
  const folder = import.meta.dirname;
  const users = readdirSync(folder).filter(
    (name) =>
      !name.endsWith(".test.ts") &&
      !name.endsWith("-store.ts") &&
      /^import (?!type)[^;]*-store"/m.test(readFileSync(path.join(folder, name), "utf8")),
  );
  expect(users.toSorted()).toEqual([...Object.keys(USE_CASES), ...JOBS].toSorted());
});

test.each(Object.entries(USE_CASES))(
  "%s acts behind the wall, and nowhere else",
  async (_, run) => {
    inside.length = 0;
    outside.length = 0;
    await run();
    expect(outside).toEqual([]);
    expect(inside.length).toBeGreaterThan(0);
  },
);

test("what passes the wall by would be found", async () => {
  outside.length = 0;
  await pool().query("SELECT count(*) FROM invoices");
  await prisma().invoice.count();
  await purgeInvoices();
  expect(outside).toHaveLength(3);
});

test("a list takes few trips: one transaction, and as many statements as before", async () => {
  await write();
  verbs.length = 0;
  await listInvoices(caller, { sort: "newest" }, { limit: 10 });
  expect(verbs).toEqual(["BEGIN", "SELECT", "SELECT", "SELECT", "COMMIT"]);
});
