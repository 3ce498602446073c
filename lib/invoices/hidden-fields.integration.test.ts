import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aSession, callerWith } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { aPolicy } from "@/tests/support/policies";

let manager: Caller;
/** The same user in a later request, as the versions of now have it. */
const later = async () => callerWith(await aSession(manager.principal.userId));

beforeAll(async () => {
  manager = await aCaller({ roles: ["Manager"] });
});

afterEach(async () => {
  await prisma().policy.deleteMany();
});

const SENT = { kind: "field", field: "status", operator: "equals", value: "sent" };

describe("a policy that hides fields (V8.2.3)", () => {
  test("hides them of the records that it is about, and leaves the rest", async () => {
    const draft = await anInvoice(manager);
    const sent = await anInvoice(manager);
    await updateInvoice(manager, sent.id, { status: "sent" });
    await aPolicy(["view_invoice"], { fields: ["amount", "customer"], condition: SENT });
    const caller = await later();
    expect(await findInvoice(caller, sent.id)).toMatchObject({ amount: null, customer: null });
    expect(await findInvoice(caller, draft.id)).toMatchObject({ amount: 12_345 });
    const page = await listInvoices(caller, { sort: "newest" }, { limit: 10 });
    const amounts = page.outcome === "listed" ? page.items.map(({ amount }) => amount) : [];
    expect(amounts).toContain(null);
    expect(amounts).toContain(12_345);
  });

  test("tells them by no order, no search and no cursor", async () => {
    await anInvoice(manager, { customer: "Zebra", amount: 1 });
    await aPolicy(["view_invoice"], { fields: ["amount", "customer"] });
    const caller = await later();
    const byAmount = await listInvoices(caller, { sort: "-amount" }, { limit: 1 });
    const newest = await listInvoices(caller, { sort: "newest" }, { limit: 1 });
    expect(byAmount).toEqual(newest);
    expect(byAmount).toMatchObject({ sort: "newest" });
    const found = await listInvoices(caller, { q: "zebra", sort: "newest" }, { limit: 10 });
    expect(found).toMatchObject({ items: [] });
  });

  test("lets nobody write what it hides, and nothing of the change is made", async () => {
    const { id } = await anInvoice(manager);
    await aPolicy(["view_invoice"], { fields: ["amount"] });
    const caller = await later();
    await expect(updateInvoice(caller, id, { amount: 1 })).rejects.toBeInstanceOf(AccessDenied);
    expect(await updateInvoice(caller, id, { customer: "Other" })).toMatchObject({
      outcome: "changed",
      invoice: { customer: "Other", amount: null },
    });
    const row = await prisma().invoice.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ customer: "Other", amount: 12_345n });
  });

  test("may keep a field from being written that everybody sees", async () => {
    const { id } = await anInvoice(manager);
    await aPolicy(["update_invoice"], { fields: ["amount"] });
    const caller = await later();
    expect(await findInvoice(caller, id)).toMatchObject({ amount: 12_345 });
    await expect(updateInvoice(caller, id, { amount: 1 })).rejects.toBeInstanceOf(AccessDenied);
  });
});
