import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkConnections, checkPooler } from "@/app/_health/database-checks";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { consumeArtifact, findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { inSnapshot } from "@/lib/platform/db/snapshot";
import { inTenant } from "@/lib/platform/db/tenant";
import { findGapsInTenantWall } from "@/lib/platform/db/tenant-wall";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aSession, aUser } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { aCallerIn, anOrganization } from "@/tests/support/organizations";
import { hasPgbouncer, type Pooler, startPgbouncer } from "@/tests/support/pgbouncer";
import { race } from "@/tests/support/race";

// Ten connections of ours on two of PostgreSQL's, through PgBouncer in transaction mode: what one of
// us leaves on a connection, the next one meets.

const CLIENTS = 10;
const SERVER_CONNECTIONS = 2;

const installed = hasPgbouncer();
const NEEDS = "needs pgbouncer";
let pooler: Pooler | undefined;
let directUrl = "";

beforeAll(async () => {
  if (!installed) return;
  directUrl = process.env["DATABASE_URL"] ?? "";
  pooler = await startPgbouncer(directUrl, SERVER_CONNECTIONS);
  vi.stubEnv("DATABASE_URL", pooler.url);
  vi.stubEnv("DATABASE_DIRECT_URL", directUrl);
  vi.stubEnv("DATABASE_POOL_SIZE", String(CLIENTS));
});
afterAll(() => pooler?.stop());

/** What a connection has that is nobody's now. */
const LEFT = `SELECT pg_backend_pid() AS pid, current_user = session_user AS own,
                     coalesce(current_setting('gatehouse.organization', true), '') AS organization,
                     (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
                     pg_sleep(0.01)`;
interface Left {
  pid: number;
  own: boolean;
  organization: string;
  prepared: number;
}

/** Of what every connection has been left with, by now. */
async function leftovers(): Promise<Left[]> {
  const found = await race(CLIENTS * 4, async () => (await pool().query<Left>(LEFT)).rows[0]);
  return found.filter((left) => left !== undefined);
}

async function expectNothingLeft(): Promise<void> {
  const found = await leftovers();
  expect(new Set(found.map(({ pid }) => pid)).size).toBeLessThanOrEqual(SERVER_CONNECTIONS);
  for (const left of found)
    expect(left).toMatchObject({ own: true, organization: "", prepared: 0 });
}

test("sessions are found and refused, by statements that have names elsewhere", async ({
  skip,
}) => {
  skip(!installed, NEEDS);
  const cookie = await aSession((await aUser()).id);
  const answers = await race(60, (index) => findPrincipal(index % 3 === 0 ? "x" : cookie));
  expect(answers.filter((principal) => principal === null)).toHaveLength(20);
  await expectNothingLeft();
});

test("two organizations that change fifty things at once never meet", async ({ skip }) => {
  skip(!installed, NEEDS);
  const writer = await aCaller({ roles: ["Admin"] });
  const elsewhere = await anOrganization();
  const rights = { create_invoice: "all", view_invoice: "all", update_invoice: "all" } as const;
  const stranger = await aCallerIn(elsewhere.id, rights);
  const sides = await Promise.all(
    [writer, stranger].map(async (caller) => ({ caller, invoice: await anInvoice(caller) })),
  );
  const outcomes = await race(50, async (index) => {
    const [mine, theirs] = index % 2 === 0 ? sides : sides.toReversed();
    if (mine === undefined || theirs === undefined) throw new Error("there are two");
    const seen = await inTenant(mine.caller.principal.organizationId, async (tx) => {
      const rows = await tx.invoice.findMany({ select: { organizationId: true } });
      const [{ role }] = await tx.$queryRaw<[{ role: string }]>`
        SELECT current_user AS role, pg_sleep(0.005)::text`;
      return { organizations: new Set(rows.map((row) => row.organizationId)), role };
    });
    expect([...seen.organizations]).toEqual([mine.caller.principal.organizationId]);
    expect(seen.role).not.toBe(new URL(directUrl).username);
    const change = { customer: `Customer ${index}` };
    const [own, foreign] = await Promise.all([
      updateInvoice(mine.caller, mine.invoice.id, change),
      updateInvoice(mine.caller, theirs.invoice.id, change),
    ]);
    return [own.outcome, foreign.outcome];
  });
  expect(new Set(outcomes.map(([own]) => own))).toEqual(new Set(["changed"]));
  expect(new Set(outcomes.map(([, foreign]) => foreign))).toEqual(new Set(["rejected"]));
  await expectNothingLeft();
});

test("of twenty who change the same version one does, again and again", async ({ skip }) => {
  skip(!installed, NEEDS);
  const caller: Caller = await aCaller({ roles: ["Admin"] });
  const { id } = await anInvoice(caller);
  for (let round = 1; round <= 3; round += 1) {
    const outcomes = await race(20, (index) =>
      updateInvoice(caller, id, { customer: `${round} ${index}` }, [round]),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  }
  expect(await findInvoice(caller, id)).toMatchObject({ version: 4 });
  await expectNothingLeft();
});

test("what can be used once is used by one of twenty", async ({ skip }) => {
  skip(!installed, NEEDS);
  for (let round = 0; round < 5; round += 1) {
    const kind = `Raced${newId()}`;
    await saveArtifact(kind, "value", {}, 60);
    const used = await race(20, () => consumeArtifact(kind, "value"));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect((await findArtifact(kind, "value"))?.consumedAt).not.toBeNull();
  }
  await expectNothingLeft();
});

test("a transaction that is given up half-way leaves nothing to whoever comes next", async ({
  skip,
}) => {
  skip(!installed, NEEDS);
  const { id } = await anOrganization();
  const failures = await race(20, () =>
    inTenant(id, async (tx) => {
      await tx.$queryRaw`SELECT 1 / 0`;
    }).then(
      () => "none",
      () => "failed",
    ),
  );
  expect(new Set(failures)).toEqual(new Set(["failed"]));
  await expectNothingLeft();
});

test("a snapshot is read to its end beside others, and the wall is whole", async ({ skip }) => {
  skip(!installed, NEEDS);
  const numbers = await race(4, async () => {
    const rows: unknown[] = [];
    for await (const row of inSnapshot((read) =>
      read("SELECT generate_series(1, $1::int) AS number", [1_200]),
    )) {
      rows.push(row["number"]);
    }
    return rows.length;
  });
  expect(numbers).toEqual([1_200, 1_200, 1_200, 1_200]);
  expect(await findGapsInTenantWall()).toEqual([]);
  expect(await prisma().user.count()).toBeGreaterThan(0);
  await expectNothingLeft();
});

test("the doctor finds a role without the limits that the pooler cannot be asked for", async ({
  skip,
}) => {
  skip(!installed, NEEDS);
  expect(await checkConnections(500)).toBeNull();
  const found = await checkPooler();
  const role = new URL(directUrl).username;
  expect(found).toContain(`ALTER ROLE "${role}" SET statement_timeout = '8s'`);
  expect(found).toContain("idle_in_transaction_session_timeout");
  const database = new URL(directUrl).pathname.slice(1);
  const owner = new pg.Client({ connectionString: directUrl });
  await owner.connect();
  for (const name of ["statement_timeout", "idle_in_transaction_session_timeout"]) {
    await owner.query(`ALTER ROLE "${role}" IN DATABASE "${database}" SET ${name} = '8s'`);
  }
  // Settings of a role hold for connections that begin afterwards.
  await owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await owner.end();
  await expect.poll(() => checkPooler().catch(() => "gone")).toBeNull();
});
