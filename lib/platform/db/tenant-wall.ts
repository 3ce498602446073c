import "server-only";
import type { ClientBase } from "pg";
import { pool } from "@/lib/platform/db/pool";

/** Nothing but the conditions of our own statements would keep organizations apart. */
export class TenantWallMissing extends Error {
  constructor(gaps: string[]) {
    super(
      `PostgreSQL does not keep organizations apart: ${gaps.join("; ")}. See "The wall between organizations" in docs/runbook.md.`,
    );
    this.name = "TenantWallMissing";
  }
}

/** Throws {@link TenantWallMissing} unless PostgreSQL keeps organizations apart by itself (F81). */
export async function assertTenantWall(): Promise<void> {
  const gaps = await findGapsInTenantWall();
  if (gaps.length > 0) throw new TenantWallMissing(gaps);
}

/** What keeps the wall from holding, for whoever runs the database; empty when it holds. */
export async function findGapsInTenantWall(): Promise<string[]> {
  const client = await pool().connect();
  try {
    return [...(await gapsInTables(client)), ...(await gapsInRole(client))];
  } finally {
    client.release();
  }
}

/** Tables that say to whom a row belongs and let everybody at it. */
async function gapsInTables(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT c.relname AS name
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
                         AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
       AND NOT (c.relrowsecurity
                AND EXISTS (SELECT 1 FROM pg_policy p
                             WHERE p.polrelid = c.oid AND p.polname = 'tenant_wall'))
     ORDER BY 1`);
  return rows.map(({ name }) => `the table ${name} has no row-level security`);
}

/** Takes the role on, as every request of a tenant does, and asks what it could get around. */
async function gapsInRole(client: ClientBase): Promise<string[]> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT set_config('role', tenant_role(), true)");
    const { rows } = await client.query<{
      bypasses: boolean;
      owns: boolean;
      lacks: boolean;
    }>(`
      SELECT r.rolsuper OR r.rolbypassrls AS bypasses,
             EXISTS (SELECT 1 FROM pg_class c
                      WHERE c.relnamespace = current_schema()::regnamespace
                        AND pg_has_role(c.relowner, 'USAGE') AND c.relkind = 'r') AS owns,
             NOT has_table_privilege('audit_events', 'INSERT') AS lacks
        FROM pg_roles r WHERE r.rolname = current_user`);
    const [role] = rows;
    return [
      ...(role?.bypasses === false ? [] : ["its role passes row-level security by"]),
      ...(role?.owns === false ? [] : ["its role owns tables"]),
      ...(role?.lacks === false ? [] : ["its role has not been given its rights"]),
    ];
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // No such function, no such role, not a member of it: all of them by the class of their code.
    if (code === undefined || !/^(?:22|42)/.test(code)) throw error;
    return [message];
  } finally {
    await client.query("ROLLBACK");
  }
}
