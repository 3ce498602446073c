import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { rowsOf } from "@/lib/authz/decide";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import { invoiceOf } from "@/lib/invoices/invoice";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { type Cast, facts, invoices, rules } from "@/tests/support/arbitrary-rules";
import { aUser } from "@/tests/support/builders";

const ROWS = 80;
let cast: Cast;
let organizationId: string;

beforeAll(async () => {
  const users = await Promise.all([1, 2, 3].map(() => aUser()));
  cast = {
    userIds: users.map(({ id }) => id),
    roleIds: [newId(), newId()],
    teamIds: [newId(), newId()],
  };
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  organizationId = instance.defaultOrganizationId;
  const drawn = fc.sample(invoices(cast), { numRuns: ROWS, seed: 91 });
  await prisma().invoice.createMany({
    data: drawn.map((invoice) => ({
      ...invoice,
      amount: BigInt(invoice.amount),
      organizationId,
      number: newId(),
    })),
  });
});

test("a list holds exactly the records for which a check says yes, over 300 random sets of rules (F93)", async () => {
  const rows = (await prisma().invoice.findMany({ where: { organizationId } })).map(invoiceOf);
  let partly = 0;
  await fc.assert(
    fc.asyncProperty(facts(cast), rules(cast), async (someFacts, someRules) => {
      const question: Question = {
        permissionKey: "view_invoice",
        resourceType: "Invoice",
        facts: someFacts,
        rules: someRules,
        resource: null,
      };
      const listed = await prisma().invoice.findMany({
        where: { organizationId, AND: [rowsOf(question)] },
        select: { id: true },
      });
      const allowed = rows.filter((row) => evaluate({ ...question, resource: { ...row } }).allowed);
      const idsOf = (some: { id: string }[]) => some.map(({ id }) => id).sort();
      expect(idsOf(listed)).toEqual(idsOf(allowed));
      if (allowed.length > 0 && allowed.length < rows.length) partly += 1;
    }),
    { numRuns: 300 },
  );
  // Rules that reach all or nothing would prove little.
  expect(partly).toBeGreaterThan(8);
});
