import { beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { countInvoices } from "@/lib/invoices/count-invoices";
import { createInvoice } from "@/lib/invoices/create-invoice";
import { deleteInvoice, restoreInvoice } from "@/lib/invoices/delete-invoice";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { listInvoices } from "@/lib/invoices/list-invoices";
import type { Shown } from "@/lib/invoices/shown-invoice";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance } from "@/tests/support/builders";
import { A_NEW_INVOICE, anInvoice, anInvoiceOwnedBy } from "@/tests/support/invoices";
import { aForeignCaller } from "@/tests/support/strangers";

const FIRST_PAGE = [{ sort: "newest" }, { limit: 100 }] as const;

/** A role of these permissions, for every invoice or for own ones only. */
async function aRole(name: string, keys: string[], ownOnly: boolean): Promise<void> {
  await anInstance();
  const permissions = await prisma().permission.findMany({ where: { key: { in: keys } } });
  const condition = ownOnly ? { condition: { kind: "own" } } : {};
  const create = permissions.map(({ id }) => ({ permissionId: id, ...condition }));
  await prisma().role.create({ data: { name, description: "", permissions: { create } } });
}

const people = {} as Record<
  "admin" | "manager" | "user" | "freelancer" | "nobody" | "foreigner",
  Caller
>;
type Person = keyof typeof people;
const invoices = {} as Record<"managers" | "users" | "freelancers", Shown>;

beforeAll(async () => {
  await aRole("Freelancer", ["create_invoice", "update_invoice", "delete_invoice"], true);
  people.admin = await aCaller({ roles: ["Admin"] });
  people.manager = await aCaller({ roles: ["Manager"] });
  people.user = await aCaller({ roles: ["User"] });
  people.freelancer = await aCaller({ roles: ["User", "Freelancer"] });
  people.nobody = await aCaller({ roles: [] });
  people.foreigner = await aForeignCaller(["Admin"]);
});

async function write(): Promise<void> {
  invoices.managers = await anInvoice(people.manager);
  invoices.users = await anInvoiceOwnedBy(people.user, people.manager);
  invoices.freelancers = await anInvoice(people.freelancer);
}

/** What a use case answered, in one word. */
async function answerOf(work: () => Promise<unknown>): Promise<string> {
  try {
    const result = await work();
    if (result === null) return "not-found";
    const { outcome, reason } = result as { outcome?: string; reason?: string };
    return reason ?? outcome ?? "ok";
  } catch (error) {
    if (error instanceof AccessDenied) return error.reason;
    throw error;
  }
}

const CHANGE = { customer: "Changed" };

describe.each<[Person, Record<keyof typeof invoices, [find: string, change: string]>]>([
  [
    "admin",
    { managers: ["ok", "changed"], users: ["ok", "changed"], freelancers: ["ok", "changed"] },
  ],
  [
    "manager",
    { managers: ["ok", "changed"], users: ["ok", "changed"], freelancers: ["ok", "changed"] },
  ],
  [
    "user",
    {
      managers: ["not-found", "no-grant"],
      users: ["ok", "no-grant"],
      freelancers: ["not-found", "no-grant"],
    },
  ],
  [
    "freelancer",
    {
      managers: ["not-found", "not-found"],
      users: ["not-found", "not-found"],
      freelancers: ["ok", "changed"],
    },
  ],
  [
    "nobody",
    {
      managers: ["no-grant", "no-grant"],
      users: ["no-grant", "no-grant"],
      freelancers: ["no-grant", "no-grant"],
    },
  ],
  [
    "foreigner",
    {
      managers: ["not-found", "not-found"],
      users: ["not-found", "not-found"],
      freelancers: ["not-found", "not-found"],
    },
  ],
])("%s", (person, expected) => {
  beforeAll(write);

  test.each(Object.entries(expected))("reaches %s invoice as %j", async (whose, [find, change]) => {
    const caller = people[person];
    const { id } = invoices[whose as keyof typeof invoices];
    expect(await answerOf(() => findInvoice(caller, id))).toBe(find);
    expect(await answerOf(() => updateInvoice(caller, id, CHANGE))).toBe(change);
    expect(await answerOf(() => deleteInvoice(caller, id))).toBe(change);
    const changed = change === "changed";
    const { version, deletedAt } = await prisma().invoice.findUniqueOrThrow({ where: { id } });
    expect({ version, present: deletedAt === null }).toEqual(
      changed ? { version: 3, present: false } : { version: 1, present: true },
    );
    if (!changed) await deleteInvoice(people.manager, id);
    expect(await answerOf(() => restoreInvoice(caller, id))).toBe(change);
  });
});

test("what is seen but must not be changed is refused, not hidden", async () => {
  await aRole("Reader", ["view_invoice"], false);
  const reader = await aCaller({ roles: ["Reader", "Freelancer"] });
  const { id } = await anInvoice(people.manager);
  expect(await answerOf(() => updateInvoice(reader, id, CHANGE))).toBe("condition-not-met");
  expect(await answerOf(() => deleteInvoice(reader, id))).toBe("condition-not-met");
});

test("lists and counts hold what the caller may see, and nothing else", async () => {
  await write();
  const seen = async (person: Person): Promise<string[]> => {
    const page = await listInvoices(people[person], ...FIRST_PAGE);
    if (page.outcome !== "listed") throw new Error(page.reason);
    const counts = await countInvoices(people[person]);
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(page.items.length);
    return page.items.map(({ id }) => id);
  };
  expect(await seen("user")).toContain(invoices.users.id);
  expect(await seen("user")).not.toContain(invoices.managers.id);
  expect(await seen("freelancer")).toContain(invoices.freelancers.id);
  expect(await seen("freelancer")).not.toContain(invoices.users.id);
  expect(await seen("manager")).toEqual(
    expect.arrayContaining(Object.values(invoices).map(({ id }) => id)),
  );
  expect(await seen("foreigner")).toEqual([]);
  await expect(listInvoices(people.nobody, ...FIRST_PAGE)).rejects.toThrow(AccessDenied);
  await expect(countInvoices(people.nobody)).rejects.toThrow(AccessDenied);
});

test("creating needs the permission, and makes the caller the owner", async () => {
  await expect(createInvoice(people.user, A_NEW_INVOICE)).rejects.toThrow(AccessDenied);
  const { ownerId, version, status } = await createInvoice(people.freelancer, A_NEW_INVOICE);
  expect(ownerId).toBe(people.freelancer.principal.userId);
  expect({ version, status }).toEqual({ version: 1, status: "draft" });
});

test("a refusal leaves an event in the audit log, under the decision's id", async () => {
  const { id } = await anInvoice(people.manager);
  const refusal = await updateInvoice(people.user, id, CHANGE).catch((error: unknown) => error);
  if (!(refusal instanceof AccessDenied)) throw new Error("it was not refused");
  const event = await prisma().auditEvent.findUnique({ where: { id: refusal.decisionId } });
  expect(event).toMatchObject({ outcome: "denied", actorId: people.user.principal.userId });
});

test("an id that is none finds nothing", async () => {
  for (const id of ["1", "", "null", "' OR 1=1 --", "\0", "019012345678"]) {
    expect(await findInvoice(people.admin, id)).toBeNull();
    expect(await answerOf(() => updateInvoice(people.admin, id, CHANGE))).toBe("not-found");
  }
});
