const TABLE = /^CREATE TABLE "(\w+)" \(\n([^;]*)\);/gm;

/**
 * A migration with the wall around each table that it makes and that has an organization, so
 * that nobody has to remember it (docs/decisions/0037).
 * @param {string} sql as Prisma writes it
 */
export function withTenantWalls(sql) {
  const calls = [...sql.matchAll(TABLE)]
    .filter(([, , columns = ""]) => /^ *"organization_id" UUID/m.test(columns))
    .map(([, name]) => `SELECT build_tenant_wall('${name}');`);
  if (calls.length === 0) return sql;
  return `${sql.trimEnd()}\n\n-- Rows of one organization are nobody else's\n${calls.join("\n")}\n`;
}
