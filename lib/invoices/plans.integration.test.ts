import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import type { InvoiceListing, InvoiceSort } from "@/lib/invoices/invoice.schema";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { pool } from "@/lib/platform/db/pool";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { aCallerHolding } from "@/tests/support/roles";
import { type Statement, watchStatements } from "@/tests/support/statements";

// How the list is read among a million invoices, most of them of one organization: by an index, in
// its order, from the first row that is wanted. The statements are those that the use case sends.

const COUNT = 1_000_000;
const SORTS: InvoiceSort[] = ["newest", "oldest", "amount", "-amount", "customer", "-customer"];
/** One in seven thousand. */
const RARE_MAX = 200;

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

const people = {} as Record<"admin" | "owner", Caller>;

beforeAll(async () => {
  people.admin = await aCaller({ roles: ["Admin"] });
  people.owner = await aCallerHolding({ view_invoice: "own" });
  const { organizationId, userId } = people.admin.principal;
  // Of its own, since a pool's connection ends what takes so long.
  const url = new URL(
    process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "",
  );
  url.pathname = new URL(process.env["DATABASE_URL"] ?? "").pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // Indexes are built in one go afterwards, as after restoring; those of the search, which is for
    // another test, are not. Nor are foreign keys asked a million times.
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
                   ELSE (ARRAY['draft','sent','paid','paid'])[1 + n / 11 % 4]
              END::invoice_status,
              now() - make_interval(secs => n)
         FROM generate_series(1, $4::bigint) n, others`,
      [organizationId, userId, people.owner.principal.userId, COUNT],
    );
    for (const { definition } of rows.filter((row) => !row.definition.includes("trgm"))) {
      await client.query(definition);
    }
    await client.query("VACUUM ANALYZE invoices");
  } finally {
    await client.end();
  }
}, 240_000);

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Plan Rows": number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The plan of a statement as the pool's connections would run it, as a tenant or as the owner. */
async function planOf({ text, values }: Statement, asTenant: boolean): Promise<Plan> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    if (asTenant) {
      await client.query(
        "SELECT set_config('role', tenant_role(), true), set_config('gatehouse.organization', $1, true)",
        [people.admin.principal.organizationId],
      );
    }
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `EXPLAIN (FORMAT JSON) ${text}`,
      values,
    );
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    if (plan === undefined) throw new Error("no plan");
    return plan;
  } finally {
    await client.query("ROLLBACK");
    client.release();
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

/** Nothing is read whole; what is sorted is at most so many rows. */
async function expectByIndex(statement: Statement, sortedMax: number): Promise<void> {
  for (const asTenant of [true, false]) {
    const nodes = nodesOf(await planOf(statement, asTenant));
    const told = nodes.map((node) => `${node["Node Type"]} ${node["Index Name"] ?? ""}`).join(", ");
    expect(
      nodes.filter((node) => node["Node Type"].includes("Seq Scan")),
      told,
    ).toEqual([]);
    expect(
      nodes.some((node) => node["Index Name"] !== undefined),
      told,
    ).toBe(true);
    for (const sort of nodes.filter((node) => node["Node Type"].includes("Sort"))) {
      const input = Math.max(...(sort.Plans ?? []).map((plan) => plan["Plan Rows"]));
      expect(input, told).toBeLessThanOrEqual(sortedMax);
    }
  }
}

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

  test("own ones are read by their owner, in order by an index, else by sorting no more than them", async () => {
    const newest = await statementOf(people.owner, { sort: "newest" });
    expect(newest.page.items).toHaveLength(50);
    await expectByIndex(newest.statement, 0);
    for (const sort of SORTS) {
      const { statement } = await statementOf(people.owner, { sort });
      await expectByIndex(statement, RARE_MAX);
    }
  });

  test("a plan that reads or sorts everything would be found", async () => {
    const bad = (text: string): Statement => ({ text, values: [], connection: {} });
    const everything = bad("SELECT * FROM invoices ORDER BY currency, customer LIMIT 10");
    await expect(expectByIndex(everything, 0)).rejects.toThrow(/Seq Scan/);
  });
});
