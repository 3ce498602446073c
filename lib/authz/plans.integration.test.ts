import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { authorize } from "@/lib/authz/authorize";
import { can, listHiddenFields } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { namesReadWhole, planOf, usesIndex } from "@/tests/support/plans";
import { aPolicy } from "@/tests/support/policies";
import { aRole } from "@/tests/support/roles";
import { type Statement, watchStatements } from "@/tests/support/statements";
import { aTeam } from "@/tests/support/teams";

// What a check costs among 100,000 users, 2,000 teams, 5,000 roles that give 20 permissions each,
// and 100 policies: one statement by an index where the rules are known, and three more, by indexes, where
// they are not. The statements are those that the program sends.

const USERS = 100_000;
const ROLES = 5_000;
const TEAMS = 2_000;
const POLICIES = 100;
/** What grows with the users: none of it is ever read whole. */
const OF_USERS = [
  "users",
  "sessions",
  "memberships",
  "user_roles",
  "team_memberships",
  "devices",
  "credentials_password",
  "credentials_passkey",
  "credentials_totp",
  "credentials_phone",
];
/** What grows with the roles: read whole at most for somebody who has a good part of them. */
const OF_ROLES = ["roles", "role_permissions", "role_closure", "team_roles", "team_closure"];

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

const cookies = {} as Record<"few" | "many", string>;

/** A connection past every rule of the pool's: what it writes takes long, and raises no versions. */
async function asAdministrator(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const url = new URL(
    process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "",
  );
  url.pathname = new URL(process.env["DATABASE_URL"] ?? "").pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await work(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const [few, many] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
  cookies.few = await aSession(few.id);
  cookies.many = await aSession(many.id);
  const { organizationId } = (await callerWith(cookies.few)).principal;
  const above = await aTeam({ roles: [await aRole({ view_invoice: "own" })] });
  await aTeam({ parentId: above, roles: [await aRole({})], members: [few.id, many.id] });
  for (let index = 0; index < POLICIES; index += 1) {
    await aPolicy(["delete_invoice"], {
      effect: index % 2 === 0 ? "allow" : "deny",
      condition: { kind: "user", ids: [newId()] },
    });
  }
  await asAdministrator(async (client) => {
    await client.query(
      `INSERT INTO users (id, email, status)
       SELECT gen_random_uuid(), 'bulk-' || n || '@example.com', 'active'
         FROM generate_series(1, $1::int) n`,
      [USERS],
    );
    const bulk = "users u WHERE u.email LIKE 'bulk-%'";
    await client.query(
      `INSERT INTO memberships (organization_id, user_id) SELECT $1, u.id FROM ${bulk}`,
      [organizationId],
    );
    await client.query(
      `INSERT INTO sessions (id, token_hash, user_id, organization_id, acr, amr, auth_time,
                             idle_expires_at, absolute_expires_at)
       SELECT gen_random_uuid(), sha256(u.id::text::bytea), u.id, $1, 'urn:gatehouse:aal1', '{pwd}',
              now(), now() + interval '1 day', now() + interval '1 day' FROM ${bulk}`,
      [organizationId],
    );
    await client.query(
      `INSERT INTO credentials_password (user_id, hash) SELECT u.id, 'none' FROM ${bulk}`,
    );
    await client.query(
      `INSERT INTO credentials_totp (user_id, confirmed_at) SELECT u.id, now() FROM ${bulk}`,
    );
    await client.query(
      `INSERT INTO credentials_phone (user_id, confirmed_at) SELECT u.id, now() FROM ${bulk}`,
    );
    await client.query(
      `INSERT INTO credentials_passkey (id, user_id, credential_id, public_key, transports, name)
       SELECT gen_random_uuid(), u.id, u.id::text::bytea, '', '{}', 'Key' FROM ${bulk}`,
    );
    await client.query(
      `INSERT INTO devices (id, user_id, token_hash)
       SELECT gen_random_uuid(), u.id, u.id::text::bytea FROM ${bulk}`,
    );
    await client.query(
      `INSERT INTO teams (id, organization_id, name)
       SELECT gen_random_uuid(), $1, 'bulk-' || n FROM generate_series(1, $2::int) n`,
      [organizationId, TEAMS],
    );
    await client.query(
      `INSERT INTO team_closure (team_id, ancestor_id)
       SELECT id, id FROM teams WHERE name LIKE 'bulk-%'`,
    );
    await client.query(
      `INSERT INTO roles (id, name)
       SELECT gen_random_uuid(), 'bulk-' || n FROM generate_series(1, $1::int) n`,
      [ROLES],
    );
    await client.query(
      `INSERT INTO role_closure (role_id, given_role_id)
       SELECT id, id FROM roles WHERE name LIKE 'bulk-%'`,
    );
    await client.query(
      `INSERT INTO role_permissions (role_id, permission_id)
       SELECT r.id, p.id FROM roles r
        CROSS JOIN (SELECT id FROM permissions WHERE NOT instance_wide ORDER BY key LIMIT 20) p
        WHERE r.name LIKE 'bulk-%'`,
    );
    const numbered = `WITH r AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n
                                   FROM roles WHERE name LIKE 'bulk-%'),
                           u AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM ${bulk})`;
    await client.query(
      `${numbered} INSERT INTO user_roles (id, user_id, role_id)
       SELECT gen_random_uuid(), u.id, r.id FROM u JOIN r ON r.n = u.n % $1`,
      [ROLES],
    );
    await client.query(
      `${numbered}, t AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n
                            FROM teams WHERE name LIKE 'bulk-%'),
       members AS (INSERT INTO team_memberships (team_id, user_id, organization_id)
                   SELECT t.id, u.id, $1 FROM u JOIN t ON t.n = u.n % $2)
       INSERT INTO team_roles (team_id, role_id)
       SELECT t.id, r.id FROM t JOIN r ON r.n = t.n`,
      [organizationId, TEAMS],
    );
    for (const [userId, count] of [
      [few.id, 10],
      [many.id, 1_000],
    ]) {
      await client.query(
        `${numbered} INSERT INTO user_roles (id, user_id, role_id)
         SELECT gen_random_uuid(), $1, r.id FROM r WHERE r.n < $2`,
        [userId, count],
      );
    }
    await client.query("VACUUM ANALYZE");
  });
}, 240_000);

/** As it is planned for these values, and as a prepared statement is once it has been used often. */
async function expectByIndex(statement: Statement, neverWhole: string[]): Promise<void> {
  for (const options of ["COSTS", "GENERIC_PLAN"] as const) {
    const nodes = await planOf(statement, null, options);
    const told = `${options} ${statement.text}`;
    const whole = namesReadWhole(nodes).filter((name) => neverWhole.includes(name));
    expect(whole, told).toEqual([]);
    expect(usesIndex(nodes), told).toBe(true);
  }
}

/** The statements of one request that asks for a permission. */
async function statementsOf(cookie: string): Promise<Statement[]> {
  sent.length = 0;
  const principal = await findPrincipal(cookie);
  if (principal === null) throw new Error("the session is not alive");
  const caller = { principal, request: aRequest() };
  const invoice = { id: newId(), ownerId: principal.userId, amount: 1, status: "draft" };
  await authorize(caller, INVOICE_PERMISSIONS.view);
  await authorize(caller, INVOICE_PERMISSIONS.view, invoice);
  expect(await can(caller, INVOICE_PERMISSIONS.view, invoice)).toBe(true);
  expect(await listHiddenFields(caller, INVOICE_PERMISSIONS.view, invoice)).toEqual([]);
  return [...sent];
}

test.each(["few", "many"] as const)(
  "whoever holds %s roles is found, and their rules read, by indexes",
  async (who) => {
    const statements = await statementsOf(cookies[who]);
    const about = ["sessions", "given_roles", "team_memberships", "policies"];
    expect(statements, JSON.stringify(statements.map(({ text }) => text))).toHaveLength(
      about.length,
    );
    // Who somebody is comes first; what follows from it is asked together, in any order.
    const [identified, ...together] = statements;
    for (const name of about) {
      const asked = name === "sessions" ? [identified] : together;
      const found = asked.filter((one) => one?.text.includes(`FROM ${name}`));
      const [statement] = found;
      if (statement === undefined || found.length > 1) throw new Error(`which is of ${name}?`);
      // A hundred policies are all read, since all of them count.
      if (name === "policies") continue;
      await expectByIndex(statement, who === "few" ? [...OF_USERS, ...OF_ROLES] : OF_USERS);
    }
  },
);

test.each(["few", "many"] as const)(
  "a check of whoever holds %s roles is one statement once their rules are known, however much is asked",
  async (who) => {
    await statementsOf(cookies[who]);
    const statements = await statementsOf(cookies[who]);
    expect(statements.map(({ text }) => text.includes("FROM sessions s"))).toEqual([true]);
  },
);

test("a plan that reads a table of users whole would be found", async () => {
  const text = "SELECT 1 FROM user_roles WHERE granted_by = $1";
  const bad: Statement = { text, values: [newId()], connection: {} };
  await expect(expectByIndex(bad, OF_USERS)).rejects.toThrow(/user_roles/);
});
