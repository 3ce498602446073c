import { beforeAll, expect, test } from "vitest";
import { listMembers } from "@/lib/memberships/list-members";
import { pool } from "@/lib/platform/db/pool";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { expectByIndex } from "@/tests/support/plans";
import { type Statement, watchStatements } from "@/tests/support/statements";

// How members are listed among many, most of them of one organization: behind the wall as before it
// by an index, in its order.

const COUNT = 20_000;
/** Of one page, beside one another. */
const PAGE = 60;

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

let caller: Caller;

beforeAll(async () => {
  caller = await aCaller({ roles: ["Admin"] });
  await pool().query(`INSERT INTO organizations (id, slug, name)
    SELECT gen_random_uuid(), 'other-' || n, 'Other' FROM generate_series(1, 20) n`);
  await pool().query(
    `INSERT INTO users (id, email, status) SELECT gen_random_uuid(), 'member-' || n || '@bulk.test', 'active'
       FROM generate_series(1, $1::int) n`,
    [COUNT],
  );
  await pool().query(
    `WITH others AS (SELECT array_agg(id) AS ids FROM organizations WHERE slug LIKE 'other-%'),
          bulk AS (SELECT id, row_number() OVER () AS n FROM users WHERE email LIKE '%@bulk.test')
     INSERT INTO memberships (organization_id, user_id, created_at)
     SELECT CASE WHEN n % 10 < 7 THEN $1::uuid ELSE ids[1 + n % 20] END, id,
            now() - make_interval(secs => n)
       FROM bulk, others`,
    [caller.principal.organizationId],
  );
  await pool().query("ANALYZE memberships, users, user_roles, roles");
}, 60_000);

test("a page of members walks the index of its order, forwards and onwards", async () => {
  const { organizationId } = caller.principal;
  let cursor: string | undefined;
  for (const _ of ["first", "second"]) {
    sent.length = 0;
    const page = await listMembers(caller, organizationId, {}, { limit: 50, cursor });
    if (page.outcome !== "listed") throw new Error(page.outcome);
    expect(page.members).toHaveLength(50);
    cursor = page.nextCursor ?? undefined;
    const statement = sent.find(({ text }) => /FROM "public"."memberships"/.test(text));
    if (statement === undefined) throw new Error("the list has read no members");
    await expectByIndex(statement, organizationId, PAGE);
  }
});

test("a list takes few trips: one transaction around what is read", async () => {
  sent.length = 0;
  await listMembers(caller, caller.principal.organizationId, {}, { limit: 10 });
  const verbs = sent.map(({ text }) => text.trim().split(/\s/)[0]);
  const within = verbs.slice(verbs.indexOf("BEGIN"));
  expect(within.slice(0, 2)).toEqual(["BEGIN", "SELECT"]);
  expect(within.at(-1)).toBe("COMMIT");
  expect(within.length).toBeLessThanOrEqual(8);
});
