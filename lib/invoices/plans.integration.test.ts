import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import type { Condition } from "@/lib/authz/condition.schema";
import type { InvoiceListing, InvoiceSort } from "@/lib/invoices/invoice.schema";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { pool } from "@/lib/platform/db/pool";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import {
  countPassed,
  expectByIndex as expectByIndexIn,
  namesReadWhole,
  planOf,
} from "@/tests/support/plans";
import { aPolicy } from "@/tests/support/policies";
import { aCallerHolding } from "@/tests/support/roles";
import { type Statement, watchStatements } from "@/tests/support/statements";

// How the list is read among a million invoices, most of them of one organization: by an index, in
// its order, from the first row that is wanted. The statements are those that the use case sends.

const COUNT = 1_000_000;
const SORTS: InvoiceSort[] = ["newest", "oldest", "amount", "-amount", "customer", "-customer"];
/** The oldest ones, and nothing else: whoever looks for the newest of them walks past all others. */
const DRAFTS = 100_000;
/** One in seven thousand. */
const RARE_MAX = 200;

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

const people = {} as Record<"admin" | "owner" | "limited" | "either" | "ruled", Caller>;

beforeAll(async () => {
  people.admin = await aCaller({ roles: ["Admin"] });
  people.owner = await aCallerHolding({ view_invoice: "own" });
  people.limited = await aCallerHolding({
    view_invoice: { kind: "field", field: "amount", operator: "at-most", value: 500_000 },
  });
  people.either = await aCallerHolding({
    view_invoice: {
      kind: "any",
      conditions: [
        { kind: "own" },
        {
          kind: "all",
          conditions: [
            { kind: "field", field: "amount", operator: "at-most", value: 900_000 },
            {
              kind: "not",
              condition: { kind: "field", field: "status", operator: "equals", value: "void" },
            },
          ],
        },
      ],
    },
  });
  people.ruled = await aCallerHolding({});
  await rulesFor(people.ruled.principal.userId);
  const { organizationId, userId } = people.admin.principal;
  // Of its own, since a pool's connection ends what takes so long.
  const url = new URL(
    process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "",
  );
  url.pathname = new URL(process.env["DATABASE_URL"] ?? "").pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // Indexes are built in one go afterwards, as after restoring. Nor are foreign keys asked a
    // million times.
    const { rows } = await client.query<{ name: string; definition: string }>(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
        WHERE tablename = 'invoices' AND indexdef NOT LIKE '% UNIQUE %'`,
    );
    for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
    await client.query("SET session_replication_role = replica");
    await client.query(`INSERT INTO organizations (id, slug, name)
      SELECT gen_random_uuid(), 'other-' || n, 'Other' FROM generate_series(1, 20) n`);
    await client.query(
      `WITH others AS (SELECT array_agg(id) AS ids FROM organizations WHERE slug LIKE 'other-%')
       INSERT INTO invoices (id, organization_id, owner_id, number, customer, customer_key, amount,
                             currency, status, created_at)
       SELECT gen_random_uuid(),
              CASE WHEN n % 10 < 7 THEN $1::uuid ELSE ids[1 + n % 20] END,
              CASE WHEN n % 7000 = 0 THEN $3::uuid ELSE $2::uuid END,
              'BULK-' || n, 'Customer ' || n * 7919 % 100003, 'customer ' || n * 7919 % 100003,
              n * 104729 % 1000000, 'EUR',
              CASE WHEN n % 7000 = 1 THEN 'void'
                   WHEN n > $5::bigint THEN 'draft'
                   ELSE (ARRAY['sent','paid','paid'])[1 + n / 11 % 3]
              END,
              now() - make_interval(secs => n)
         FROM generate_series(1, $4::bigint) n, others`,
      [organizationId, userId, people.owner.principal.userId, COUNT, COUNT - DRAFTS],
    );
    for (const { definition } of rows) await client.query(definition);
    await client.query("VACUUM ANALYZE invoices");
  } finally {
    await client.end();
  }
}, 240_000);

/** By policies alone: two that allow some, and two that deny some of these again. */
async function rulesFor(id: string): Promise<void> {
  const asker: Condition = { kind: "user", ids: [id] };
  const rules: ["allow" | "deny", Condition][] = [
    ["allow", { kind: "field", field: "status", operator: "one-of", value: ["sent", "paid"] }],
    ["allow", { kind: "field", field: "amount", operator: "at-most", value: 400_000 }],
    ["deny", { kind: "field", field: "amount", operator: "at-least", value: 800_000 }],
    [
      "deny",
      {
        kind: "all",
        conditions: [
          { kind: "own" },
          { kind: "field", field: "status", operator: "equals", value: "paid" },
        ],
      },
    ],
  ];
  for (const [effect, condition] of rules) {
    const whole: Condition = { kind: "all", conditions: [asker, condition] };
    await aPolicy(["view_invoice"], { effect, condition: whole });
  }
}

/** Reads a page, and returns the statement that has read the invoices of it. */
async function statementOf(caller: Caller, listing: InvoiceListing, cursor?: string) {
  sent.length = 0;
  const page = await listInvoices(caller, listing, { limit: 50, cursor });
  if (page.outcome !== "listed") throw new Error(page.reason);
  const statement = sent.find(({ text }) => /FROM\s+"?(public"?\."?)?invoices\b/.test(text));
  if (statement === undefined) throw new Error("the list has read no invoices");
  return { statement, page };
}

/**
 * What the function of the search asks, as it plans it: for these values, and as its owner. A plan shows
 * no more than that a function is called.
 */
async function bodyOf({ values }: Statement): Promise<Statement> {
  const { rows } = await pool().query<{ source: string; names: string[] }>(
    "SELECT prosrc AS source, proargnames AS names FROM pg_proc WHERE proname = 'find_invoice_ids'",
  );
  const { source = "", names = [] } = rows[0] ?? {};
  const query = source.match(/RETURN QUERY([\s\S]*?);/)?.[1] ?? "";
  const text = names
    .slice(0, values.length)
    .reduce((all, name, index) => all.replaceAll(name, `$${index + 1}`), query)
    .replace("$1 IS NULL", "$1::text IS NULL")
    .replace("tenant_organization()", `'${people.admin.principal.organizationId}'`);
  return { text, values, connection: {} };
}

const expectByIndex = (statement: Statement, sortedMax: number) =>
  expectByIndexIn(statement, people.admin.principal.organizationId, sortedMax);
const passedBy = (statement: Statement) =>
  countPassed(statement, people.admin.principal.organizationId);

describe("among a million invoices", () => {
  test.each(SORTS)(
    "the list in the order %s walks an index, forwards, onwards and back",
    async (sort) => {
      const first = await statementOf(people.admin, { sort });
      await expectByIndex(first.statement, 0);
      const second = await statementOf(people.admin, { sort }, first.page.nextCursor ?? "");
      await expectByIndex(second.statement, 0);
      const back = await statementOf(people.admin, { sort }, second.page.previousCursor ?? "");
      await expectByIndex(back.statement, 0);
      expect(back.page.items.map(({ id }) => id)).toEqual(first.page.items.map(({ id }) => id));
    },
  );

  test.each(["draft", "sent", "paid"] as const)(
    "the list of %s ones, which are many, walks the same indexes",
    async (status) => {
      for (const sort of SORTS) {
        const { statement, page } = await statementOf(people.admin, { sort, status });
        expect(page.items).toHaveLength(50);
        await expectByIndex(statement, 0);
      }
    },
  );

  test("the list of what is rare is found by an index, and sorts no more than what it found", async () => {
    for (const sort of SORTS) {
      const { statement, page } = await statementOf(people.admin, { sort, status: "void" });
      expect(page.items).toHaveLength(50);
      await expectByIndex(statement, RARE_MAX);
    }
  });

  test("frequent ones that are all old are found from where they begin", async () => {
    for (const sort of SORTS) {
      const { statement, page } = await statementOf(people.admin, { sort, status: "draft" });
      expect(page.items).toHaveLength(50);
      await expectByIndex(statement, 0);
      expect(await passedBy(statement), sort).toBeLessThan(5_000);
    }
  });

  test.each(["limited", "either", "ruled"] as const)(
    "what conditions and policies leave of the list (%s) walks the same indexes in every order",
    async (who) => {
      for (const sort of SORTS) {
        const all = await statementOf(people[who], { sort });
        expect(all.page.items).toHaveLength(50);
        await expectByIndex(all.statement, 0);
        const next = await statementOf(people[who], { sort }, all.page.nextCursor ?? "");
        await expectByIndex(next.statement, 0);
        for (const status of ["draft", "sent"] as const) {
          const some = await statementOf(people[who], { sort, status });
          expect(some.page.items).toHaveLength(50);
          await expectByIndex(some.statement, 0);
        }
        const rare = await statementOf(people[who], { sort, status: "void" });
        await expectByIndex(rare.statement, RARE_MAX);
      }
    },
  );

  test("own ones are read by their owner, in order by an index, else by sorting no more than them", async () => {
    const newest = await statementOf(people.owner, { sort: "newest" });
    expect(newest.page.items).toHaveLength(50);
    await expectByIndex(newest.statement, 0);
    for (const sort of SORTS) {
      const { statement } = await statementOf(people.owner, { sort });
      await expectByIndex(statement, RARE_MAX);
    }
  });

  test.each([
    ["a part of a number", "ULK-42424", undefined],
    ["a part of a customer", "mer 7042", "paid"],
    ["what nobody has", "no such invoice", undefined],
  ] as const)("the search for %s goes by the trigrams of both columns", async (_, q, status) => {
    sent.length = 0;
    const page = await listInvoices(people.admin, { sort: "newest", q, status }, { limit: 50 });
    expect(page.outcome).toBe("listed");
    const asked = sent.find(({ text }) => text.includes("find_invoice_ids"));
    if (asked === undefined) throw new Error("the search has not asked the function");
    const nodes = await planOf(await bodyOf(asked), null, "ANALYZE");
    const indexes = nodes.flatMap((node) => node["Index Name"] ?? []);
    expect(indexes.toSorted()).toEqual(
      expect.arrayContaining([
        "invoices_customer_key_trigrams_idx",
        "invoices_number_trigrams_idx",
      ]),
    );
    expect(namesReadWhole(nodes)).toEqual([]);
  });

  test("a plan that reads or sorts everything would be found", async () => {
    const bad = (text: string): Statement => ({ text, values: [], connection: {} });
    const everything = bad("SELECT * FROM invoices ORDER BY currency, customer LIMIT 10");
    await expect(expectByIndex(everything, 0)).rejects.toThrow(/Seq Scan/);
  });
});
