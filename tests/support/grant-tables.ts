import { prisma } from "@/lib/platform/db/client";

/** What says who holds what, by its table and by its name in Prisma. */
export const GRANT_TABLES: Record<string, string> = {
  user_roles: "userRole",
  role_permissions: "rolePermission",
  role_inheritance: "roleInheritance",
  teams: "team",
  team_roles: "teamRole",
  team_memberships: "teamMembership",
  memberships: "membership",
  service_account_roles: "serviceAccountRole",
  policies: "policy",
};

/**
 * From now on the database itself notes who writes these tables while it is told to: whether the
 * transaction had taken the instance's row before, by which changes of grants wait for each other.
 */
export async function installGrantWatch(): Promise<void> {
  const db = prisma();
  await db.$executeRawUnsafe("CREATE TABLE grant_watch (is_on boolean NOT NULL)");
  await db.$executeRawUnsafe("INSERT INTO grant_watch VALUES (false)");
  await db.$executeRawUnsafe(
    "CREATE TABLE grant_writes (table_name text, is_held boolean, statement text)",
  );
  // A row that is locked or written by this transaction names it. What is deleted together with
  // something else is deleted as the owner of the tables.
  await db.$executeRawUnsafe(`
    CREATE FUNCTION note_grant_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO grant_writes
      SELECT TG_TABLE_NAME,
             pg_current_xact_id()::xid IN (i.xmax, i.xmin),
             current_query()
        FROM instance i, grant_watch w WHERE w.is_on;
      RETURN NULL;
    END $$`);
  for (const table of Object.keys(GRANT_TABLES)) {
    await db.$executeRawUnsafe(
      `CREATE TRIGGER note_grant_write BEFORE INSERT OR UPDATE OR DELETE ON ${table}
         FOR EACH STATEMENT EXECUTE FUNCTION note_grant_write()`,
    );
  }
}

/** Runs `work` under the watch. */
export async function underGrantWatch<T>(work: () => Promise<T>): Promise<T> {
  await prisma().$executeRaw`UPDATE grant_watch SET is_on = true`;
  try {
    return await work();
  } finally {
    await prisma().$executeRaw`UPDATE grant_watch SET is_on = false`;
  }
}

/** The tables that were written, and the statements that wrote one without having waited. */
export async function readGrantWrites(): Promise<{ tables: string[]; unheld: string[] }> {
  const rows = await prisma().$queryRaw<{ table: string; held: boolean; statement: string }[]>`
    SELECT DISTINCT table_name AS table, is_held AS held, statement FROM grant_writes`;
  return {
    tables: [...new Set(rows.map(({ table }) => table))].sort(),
    unheld: rows.filter(({ held }) => !held).map(({ statement }) => statement),
  };
}
