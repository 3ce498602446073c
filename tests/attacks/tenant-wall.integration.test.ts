import { beforeAll, describe, expect, test } from "vitest";
import { insertAuditEvents } from "@/lib/audit/audit-store";
import { recordDenial } from "@/lib/audit/record-refusal";
import type { Db } from "@/lib/platform/db/client";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { inTenant, type TenantDb } from "@/lib/platform/db/tenant";
import {
  assertTenantWall,
  findGapsInTenantWall,
  TenantWallMissing,
} from "@/lib/platform/db/tenant-wall";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { aCaller, aRequest, aUser } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { anOrganization, defaultOrganizationId } from "@/tests/support/organizations";

// The first wall is taken away: no statement here names the organization (F81, ATK-43).

/** Tables with an organization that may do without the wall, each with its reason. */
const UNWALLED: Record<string, string> = {};

const organizations = {} as Record<"ours" | "theirs", string>;
let invoiceId: string;
let ownerId: string;

beforeAll(async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  organizations.theirs = await defaultOrganizationId();
  organizations.ours = (await anOrganization()).id;
  ownerId = caller.principal.userId;
  invoiceId = (await anInvoice(caller)).id;
});

const inOurs = <T>(work: (tx: Db) => Promise<T>) => inTenant(organizations.ours, work);

async function walledTables(): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
      ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

test("every table with an organization is behind the wall, or has a reason not to be", async () => {
  const tables = await walledTables();
  expect(tables).toEqual(
    expect.arrayContaining(["invoices", "memberships", "roles", "sessions", "user_roles"]),
  );
  const gaps = await findGapsInTenantWall();
  expect(gaps).toEqual(
    Object.keys(UNWALLED).map((name) => `the table ${name} has no row-level security`),
  );
  await assertTenantWall();
});

test("a table that a migration forgets is found, and one that has no policy", async () => {
  await pool().query(`CREATE TABLE forgotten (id uuid PRIMARY KEY, organization_id uuid NOT NULL)`);
  const FOUND = ["the table forgotten has no row-level security"];
  expect(await findGapsInTenantWall()).toEqual(FOUND);
  await pool().query("ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY");
  expect(await findGapsInTenantWall()).toEqual(FOUND);
  await expect(assertTenantWall()).rejects.toThrow(TenantWallMissing);
  await pool().query("SELECT build_tenant_wall('forgotten')");
  await assertTenantWall();
  await inOurs(
    (tx) => tx.$executeRaw`
    INSERT INTO forgotten VALUES (${newId()}::uuid, ${organizations.ours}::uuid)`,
  );
  await pool().query("DROP TABLE forgotten");
});

/** Tables that a tenant's statements read without a wall around their rows, each with its reason. */
const SHARED: Record<string, string> = {
  users: "People belong to the installation; of them is read what lists show, and no secret.",
  oidc_clients: "Apps belong to the installation; of them is read their name.",
  permissions: "What the code checks is the same in every organization.",
  rate_limits: "Counted by what is limited, of whatever organization.",
};

test("what a tenant's statements can read is behind the wall, or shared for a reason", async () => {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
      WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = current_schema()::regnamespace
        AND has_any_column_privilege(tenant_role(), c.oid, 'SELECT')
        AND NOT c.relrowsecurity
      ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(SHARED).toSorted());
  const { rows: secrets } = await pool().query(
    `SELECT has_column_privilege(tenant_role(), 'invitations', 'token_hash', 'SELECT') AS readable`,
  );
  expect(secrets).toEqual([{ readable: false }]);
});

describe("a part of a transaction", () => {
  const seen = (tx: Db) => tx.$queryRaw<unknown[]>`SELECT id FROM invoices`;

  test("is behind the wall, and what comes before and after it is not", async () => {
    const counts = await inTransaction(async (tx) => [
      (await seen(tx)).length,
      (await inTenant(organizations.ours, seen, tx)).length,
      (await seen(tx)).length,
      (await inTenant(organizations.theirs, seen, tx)).length,
    ]);
    expect(counts).toEqual([1, 0, 1, 1]);
  });

  test("is not left open by another one: two at once, and one within one, are refused", async () => {
    await expect(
      inTransaction((tx) =>
        Promise.all([
          inTenant(organizations.ours, seen, tx),
          inTenant(organizations.ours, seen, tx),
        ]),
      ),
    ).rejects.toThrow(/twice at once/);
    const within = (tenant: TenantDb) => inTenant(organizations.ours, seen, tenant as Db);
    await expect(inTenant(organizations.ours, within)).rejects.toThrow(/twice at once/);
    await expect(inTransaction((tx) => inTenant(organizations.ours, within, tx))).rejects.toThrow(
      /twice at once/,
    );
  });

  test("that fails leaves nobody in front of the wall who goes on", async () => {
    const left = await inTransaction(async (tx) => {
      const failing = inTenant(organizations.ours, () => Promise.reject(new Error("ours")), tx);
      await expect(failing).rejects.toThrow("ours");
      return (await seen(tx)).length;
    });
    expect(left).toBe(0);
  });
});

describe("a statement without any condition", () => {
  test("reads nothing of another organization, raw or by Prisma", async () => {
    await inOurs(async (tx) => {
      expect(await tx.$queryRaw`SELECT * FROM invoices`).toEqual([]);
      expect(await tx.$queryRaw`SELECT * FROM invoice_counters`).toEqual([]);
      expect(await tx.$queryRaw`SELECT id FROM find_invoice_ids(NULL, '%', '%', 10)`).toEqual([]);
      expect(await tx.invoice.findMany()).toEqual([]);
      expect(await tx.invoice.findUnique({ where: { id: invoiceId } })).toBeNull();
      expect(await tx.invoice.count()).toBe(0);
    });
    const theirs = await inTenant(organizations.theirs, (tx) => tx.invoice.findMany());
    expect(theirs.map(({ id }) => id)).toEqual([invoiceId]);
  });

  test("changes and deletes nothing of another organization", async () => {
    await inOurs(async (tx) => {
      expect(await tx.$executeRaw`UPDATE invoices SET amount = 0`).toBe(0);
      expect(await tx.$executeRaw`DELETE FROM invoices`).toBe(0);
      expect((await tx.invoice.updateMany({ data: { amount: 0n } })).count).toBe(0);
      expect((await tx.invoice.deleteMany()).count).toBe(0);
    });
    await expect(
      inOurs((tx) => tx.invoice.update({ where: { id: invoiceId }, data: { amount: 0n } })),
    ).rejects.toMatchObject({ code: "P2025" });
    expect((await prisma().invoice.findUniqueOrThrow({ where: { id: invoiceId } })).amount).toBe(
      12_345n,
    );
  });

  test("writes nothing into another organization, and moves nothing there", async () => {
    const anInvoiceOf = (organizationId: string) => ({
      id: newId(),
      organizationId,
      ownerId,
      number: "X-1",
      customer: "Acme",
      amount: 1n,
      currency: "EUR",
    });
    await expect(
      inOurs((tx) => tx.invoice.create({ data: anInvoiceOf(organizations.theirs) })),
    ).rejects.toThrow(/row-level security/);
    await expect(
      inOurs(async (tx) => {
        await tx.invoice.create({ data: anInvoiceOf(organizations.ours) });
        await tx.$executeRaw`UPDATE invoices SET organization_id = ${organizations.theirs}::uuid`;
      }),
    ).rejects.toThrow(/row-level security/);
    expect(await prisma().invoice.count()).toBe(1);
  });

  test("meets nothing at all while no organization is named, and an error where it is none", async () => {
    const nowhere = (organization: string | null) =>
      inTransaction(async (tx) => {
        await tx.$queryRaw`SELECT set_config('role', tenant_role(), true)`;
        if (organization !== null)
          await tx.$queryRaw`SELECT set_config('gatehouse.organization', ${organization}, true)`;
        return tx.invoice.findMany();
      });
    expect(await nowhere(null)).toEqual([]);
    expect(await nowhere("")).toEqual([]);
    await expect(nowhere("' OR true --")).rejects.toThrow(/invalid input syntax/);
    await expect(inTenant("no id", (tx) => tx.invoice.findMany())).rejects.toThrow(/uuid/);
  });
});

describe("with every right that there is", () => {
  // The policies alone are tried: that a table is closed to the role is no reason to lack one.
  beforeAll(async () => {
    await pool().query(
      `DO $$ BEGIN EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %I TO %I',
                                  current_schema(), tenant_role()); END $$`,
    );
    const user = await aUser({ roles: ["User"] });
    await pool().query(`INSERT INTO roles (id, organization_id, name) VALUES ($1, $2, 'Theirs')`, [
      newId(),
      organizations.theirs,
    ]);
    await pool().query(
      `INSERT INTO user_roles (id, user_id, role_id, organization_id)
       SELECT $1, $2, id, $3 FROM roles WHERE name = 'Manager'`,
      [newId(), user.id, organizations.theirs],
    );
    await pool().query("INSERT INTO sign_in_policies (organization_id) VALUES ($1)", [
      organizations.theirs,
    ]);
  });

  test("no table shows or loses a row of another organization", async () => {
    const tables = (await walledTables()).filter((name) => !(name in UNWALLED));
    const client = await pool().connect();
    try {
      for (const table of tables) {
        await client.query("BEGIN");
        await client.query(
          "SELECT set_config('role', tenant_role(), true), set_config('gatehouse.organization', $1, true)",
          [organizations.ours],
        );
        const { rows } = await client.query(
          `SELECT organization_id FROM ${table} WHERE organization_id IS NOT NULL`,
        );
        expect(rows, table).toEqual([]);
        const { rowCount } = await client.query(`DELETE FROM ${table}`);
        expect(rowCount, table).toBe(0);
        await client.query("ROLLBACK");
      }
    } finally {
      client.release();
    }
  });

  test("what says to which row of an organization it belongs goes with that row", async () => {
    const teamId = newId();
    await pool().query("INSERT INTO teams (id, organization_id, name) VALUES ($1, $2, 'Theirs')", [
      teamId,
      organizations.theirs,
    ]);
    await pool().query("INSERT INTO team_roles (team_id, role_id) SELECT $1, id FROM roles", [
      teamId,
    ]);
    const { rows: parts } = await pool().query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c
        WHERE c.relrowsecurity AND c.relnamespace = current_schema()::regnamespace
          AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attname = 'organization_id')`,
    );
    const names = parts.map(({ name }) => name).filter((name) => name !== "organizations");
    expect(names).toEqual(expect.arrayContaining(["role_permissions", "team_closure"]));
    for (const name of names) {
      expect(await inOurs((tx) => tx.$executeRawUnsafe(`DELETE FROM ${name}`)), name).toBe(0);
    }
    await inOurs(async (tx) => {
      expect(await tx.teamRole.findMany()).toEqual([]);
      expect(await tx.teamClosure.findMany()).toEqual([]);
    });
    const giveTheirs = (tx: Db) =>
      tx.$executeRaw`INSERT INTO team_closure VALUES (${teamId}::uuid, ${newId()}::uuid)`;
    await expect(inOurs(giveTheirs)).rejects.toThrow(/row-level security/);
    const theirs = await inTenant(organizations.theirs, (tx) => tx.teamRole.count());
    expect(theirs).toBeGreaterThan(1);
  });

  test("roles that all share are there to be read and are nobody's to change", async () => {
    await inOurs(async (tx) => {
      const names = (await tx.role.findMany()).map(({ name }) => name);
      expect(names).toContain("Admin");
      expect(names).not.toContain("Theirs");
      expect((await tx.role.updateMany({ data: { description: "ours" } })).count).toBe(0);
      expect((await tx.role.deleteMany()).count).toBe(0);
    });
    await expect(
      inOurs((tx) => tx.role.create({ data: { id: newId(), name: "For all" } })),
    ).rejects.toThrow(/row-level security/);
  });

  test("who holds a role everywhere is told of members alone, and an organization sees itself", async () => {
    await inOurs(async (tx) => {
      expect(await tx.userRole.findMany()).toEqual([]);
      expect((await tx.organization.findMany()).map(({ id }) => id)).toEqual([organizations.ours]);
    });
    const { userRoles, memberships } = await inTenant(organizations.theirs, async (tx) => ({
      userRoles: await tx.userRole.findMany(),
      memberships: await tx.membership.findMany(),
    }));
    const members = memberships.map(({ userId }) => userId);
    expect(userRoles.length).toBeGreaterThan(1);
    expect(userRoles.filter(({ userId }) => !members.includes(userId))).toEqual([]);
  });
});

test("what a change leaves behind is written from within, and what it must not read is closed", async () => {
  await pool().query(`DO $$ BEGIN EXECUTE format(
    'REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), tenant_role()); END $$`);
  // As the migration leaves it; the tests above have given more.
  await pool().query(`DO $$ BEGIN
    EXECUTE format('GRANT INSERT ON audit_events, outbox TO %I', tenant_role());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON rate_limits TO %I', tenant_role()); END $$`);
  const request = aRequest();
  const [id, denialId] = [newId(), newId()];
  const actor = { type: "user", id: ownerId } as const;
  await inOurs(async (tx) => {
    const event = { id, action: "invoice.created", outcome: "success", actor } as const;
    await insertAuditEvents([event], request, tx);
    await recordDenial({ id: denialId, actor, reason: "view_invoice: no-grant" }, request, tx);
  });
  expect(await prisma().auditEvent.count({ where: { id: { in: [id, denialId] } } })).toBe(2);
  for (const read of ["audit_events", "sessions", "credentials_password", "personal_tokens"]) {
    await expect(inOurs((tx) => tx.$queryRawUnsafe(`SELECT * FROM ${read}`))).rejects.toThrow(
      /permission denied/,
    );
  }
});

test("role and organization end with the transaction, also when it fails", async () => {
  const client = await pool().connect();
  try {
    for (const end of ["COMMIT", "ROLLBACK"]) {
      await client.query("BEGIN");
      await client.query(
        "SELECT set_config('role', tenant_role(), true), set_config('gatehouse.organization', $1, true)",
        [organizations.ours],
      );
      await client.query(end);
      const { rows } = await client.query(
        "SELECT current_user = session_user AS back, tenant_organization() AS organization",
      );
      expect(rows).toEqual([{ back: true, organization: null }]);
    }
  } finally {
    client.release();
  }
});

test("a role that passes the wall by, or is not to be had, is said", async () => {
  await pool().query("ALTER FUNCTION tenant_role() RENAME TO tenant_role_before");
  expect(await findGapsInTenantWall()).toEqual(["function tenant_role() does not exist"]);
  const roles = { nobody: "no_such_role", owner: "postgres" };
  for (const role of Object.values(roles)) {
    await pool().query(
      `CREATE OR REPLACE FUNCTION tenant_role() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '${role}'::text $$`,
    );
    expect((await findGapsInTenantWall()).length, role).toBeGreaterThan(0);
  }
  await pool().query("DROP FUNCTION tenant_role()");
  await pool().query("ALTER FUNCTION tenant_role_before() RENAME TO tenant_role");
  await assertTenantWall();
});
