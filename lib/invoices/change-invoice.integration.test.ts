import { beforeAll, expect, test } from "vitest";
import { deleteInvoice, restoreInvoice } from "@/lib/invoices/delete-invoice";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { snapshotOf } from "@/lib/invoices/invoice";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { purgeInvoices } from "@/lib/invoices/purge-invoices";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { race } from "@/tests/support/race";
import { aForeignCaller } from "@/tests/support/strangers";

const PARALLEL = 50;
let manager: Caller;

beforeAll(async () => {
  manager = await aCaller({ roles: ["Manager"] });
});

const eventsOf = (targetId: string) =>
  prisma().auditEvent.findMany({ where: { targetId }, orderBy: { id: "asc" } });

test("an update raises the version, keeps what it does not name, and is recorded", async () => {
  const invoice = await anInvoice(manager);
  const result = await updateInvoice(manager, invoice.id, { status: "sent", amount: 5 }, [1]);
  if (result.outcome !== "changed") throw new Error(result.reason);
  expect(result.invoice).toMatchObject({
    customer: invoice.customer,
    number: invoice.number,
    status: "sent",
    amount: 5,
    version: 2,
  });
  expect(await findInvoice(manager, invoice.id)).toMatchObject(result.invoice);
  const events = await eventsOf(invoice.id);
  expect(events.map(({ action }) => action)).toEqual(["invoice.created", "invoice.updated"]);
  expect(events[0]).toMatchObject({
    actorId: manager.principal.userId,
    sessionId: manager.principal.session.id,
    requestId: manager.request.requestId,
    ip: manager.request.ip,
    before: null,
    after: snapshotOf(invoice),
  });
  expect(events[1]).toMatchObject({
    before: snapshotOf(invoice),
    after: snapshotOf(result.invoice),
  });
});

test("a version that somebody else has replaced changes nothing and shows what is stored", async () => {
  const { id } = await anInvoice(manager);
  await updateInvoice(manager, id, { customer: "First" }, [1]);
  expect(await updateInvoice(manager, id, { customer: "Second" }, [1])).toMatchObject({
    outcome: "rejected",
    reason: "stale",
    current: { customer: "First", version: 2 },
  });
  expect(await deleteInvoice(manager, id, [1])).toMatchObject({ reason: "stale" });
  expect(await findInvoice(manager, id)).toMatchObject({ customer: "First", version: 2 });
  expect(await eventsOf(id)).toHaveLength(2);
});

test("one of fifty updates of one version wins, and one is recorded", async () => {
  const { id } = await anInvoice(manager);
  const results = await race(PARALLEL, (index) =>
    updateInvoice(manager, id, { customer: `Writer ${index}` }, [1]),
  );
  const winners = results.filter(({ outcome }) => outcome === "changed");
  expect(winners).toHaveLength(1);
  expect(results.filter((r) => r.outcome === "rejected" && r.reason === "stale")).toHaveLength(49);
  const stored = await findInvoice(manager, id);
  expect(winners[0]).toMatchObject({ invoice: { customer: stored?.customer, version: 2 } });
  expect(await eventsOf(id)).toHaveLength(2);
});

test("fifty updates without a version all happen, and each is recorded with what it replaced", async () => {
  const { id } = await anInvoice(manager);
  const results = await race(PARALLEL, (index) => updateInvoice(manager, id, { amount: index }));
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["changed"]));
  expect(await findInvoice(manager, id)).toMatchObject({ version: PARALLEL + 1 });
  const changes = (await eventsOf(id)).slice(1);
  const versions = changes.map(({ before, after }) => [before, after].map(versionIn));
  versions.sort(([a = 0], [b = 0]) => a - b);
  expect(versions).toEqual(Array.from({ length: PARALLEL }, (_, index) => [index + 1, index + 2]));
});

const versionIn = (snapshot: unknown): number => (snapshot as { version: number }).version;

test("fifty invoices written at once have fifty numbers, without a gap", async () => {
  const caller = await aForeignCaller(["Manager"]);
  const written = await race(PARALLEL, () => anInvoice(caller));
  const year = new Date().getUTCFullYear();
  const expected = Array.from(
    { length: PARALLEL },
    (_, index) => `INV-${year}-${String(index + 1).padStart(4, "0")}`,
  );
  expect(written.map(({ number }) => number).sort()).toEqual(expected);
});

test("each organization counts for itself, and past four digits", async () => {
  const caller = await aForeignCaller(["Manager"]);
  const year = new Date().getUTCFullYear();
  expect((await anInvoice(caller)).number).toBe(`INV-${year}-0001`);
  await prisma().invoiceCounter.updateMany({
    where: { organizationId: caller.principal.organizationId },
    data: { lastNumber: 9_999 },
  });
  expect((await anInvoice(caller)).number).toBe(`INV-${year}-10000`);
});

test("a number that somehow exists already stops the invoice, and nothing is left of it", async () => {
  const caller = await aForeignCaller(["Manager"]);
  const { organizationId } = caller.principal;
  await anInvoice(caller);
  await prisma().invoiceCounter.updateMany({ where: { organizationId }, data: { lastNumber: 0 } });
  await expect(anInvoice(caller)).rejects.toThrow(/invoices_organization_id_number_key|23505/);
  const counter = await prisma().invoiceCounter.findFirst({ where: { organizationId } });
  expect(counter?.lastNumber).toBe(0);
  expect(await prisma().invoice.count({ where: { organizationId } })).toBe(1);
});

test("a deleted invoice is nowhere, until it is restored as it was", async () => {
  const invoice = await anInvoice(manager, { customer: "Comes Back" });
  expect(await deleteInvoice(manager, invoice.id, [1])).toMatchObject({ outcome: "changed" });
  const gone = { outcome: "rejected", reason: "not-found" };
  expect(await findInvoice(manager, invoice.id)).toBeNull();
  expect(await deleteInvoice(manager, invoice.id)).toEqual(gone);
  expect(await updateInvoice(manager, invoice.id, { amount: 1 })).toEqual(gone);
  const listing = { q: "comes back", sort: "newest" } as const;
  expect(await listInvoices(manager, listing, { limit: 5 })).toMatchObject({ items: [] });

  expect(await restoreInvoice(manager, invoice.id)).toMatchObject({ outcome: "changed" });
  const restored = await findInvoice(manager, invoice.id);
  expect(restored).toMatchObject({ customer: "Comes Back", number: invoice.number, version: 3 });
  expect(await restoreInvoice(manager, invoice.id)).toEqual(gone);
  const actions = (await eventsOf(invoice.id)).map(({ action }) => action);
  expect(actions).toEqual(["invoice.created", "invoice.deleted", "invoice.restored"]);
});

test("of fifty deletions one happens", async () => {
  const { id } = await anInvoice(manager);
  const results = await race(PARALLEL, () => deleteInvoice(manager, id));
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  expect(await eventsOf(id)).toHaveLength(2);
});

test("only what was deleted long ago is purged", async () => {
  const [old, recent, kept] = [
    await anInvoice(manager),
    await anInvoice(manager),
    await anInvoice(manager),
  ];
  await deleteInvoice(manager, old.id);
  await deleteInvoice(manager, recent.id);
  const longAgo = new Date(Date.now() - 31 * 86_400_000);
  await prisma().invoice.update({ where: { id: old.id }, data: { deletedAt: longAgo } });
  expect(await purgeInvoices()).toBe(1);
  expect(await restoreInvoice(manager, old.id)).toMatchObject({ reason: "not-found" });
  expect(await restoreInvoice(manager, recent.id)).toMatchObject({ outcome: "changed" });
  expect(await findInvoice(manager, kept.id)).not.toBeNull();
});
