import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";
import { type ReadRow, storable } from "@/lib/user-imports/import-row";
import type { ImportFormat } from "@/lib/user-imports/user-import.schema";

export interface ImportRecord {
  id: string;
  format: string;
  state: "checked" | "running" | "finished";
  rowCount: number;
  badCount: number;
  cursor: number;
  createdCount: number;
  createdAt: Date;
}

const SELECT = {
  id: true,
  format: true,
  state: true,
  rowCount: true,
  badCount: true,
  cursor: true,
  createdCount: true,
  createdAt: true,
} as const;

/** As many rows as one statement inserts, of a few hundred bytes each. */
const INSERT_MAX = 5_000;

export async function insertImport(
  record: {
    id: string;
    organizationId: string;
    format: ImportFormat;
    authorId: string | null;
    badCount: number;
  },
  rows: ReadRow[],
  db: Db,
): Promise<void> {
  await db.userImport.create({ data: { ...record, rowCount: rows.length } });
  const { id: importId, organizationId } = record;
  for (let from = 0; from < rows.length; from += INSERT_MAX) {
    const part = rows.slice(from, from + INSERT_MAX).map(({ user, ...row }, index) => ({
      ...row,
      // It may quote the file.
      problem: row.problem && storable(row.problem),
      position: from + index + 1,
      pending: user,
    }));
    await db.$executeRaw`
      INSERT INTO user_import_rows
             (import_id, organization_id, position, line, email, pending, problem, note)
      SELECT ${importId}::uuid, ${organizationId}::uuid, position, line, email,
             NULLIF(pending, 'null'), problem, note
        FROM jsonb_to_recordset(${JSON.stringify(part)}::jsonb)
             AS part(position int, line int, email text, pending jsonb, problem text, note text)`;
  }
}

export const findImport = (
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<ImportRecord | null> =>
  db.userImport.findFirst({ where: { id, organizationId }, select: SELECT });

export const listImportRecords = (
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<ImportRecord[]> =>
  db.userImport.findMany({
    where: { organizationId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: countMax,
    select: SELECT,
  });

/** Whoever else applies rows of the import waits until the transaction is over, and sees its cursor. */
export async function holdImport(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<ImportRecord | null> {
  await db.$queryRaw`
    SELECT 1 FROM user_imports
     WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`;
  return findImport(id, organizationId, db);
}

export const listNextRows = (importId: string, cursor: number, countMax: number, db: Db) =>
  db.userImportRow.findMany({
    where: { importId, position: { gt: cursor } },
    orderBy: { position: "asc" },
    take: countMax,
    select: { position: true, pending: true, problem: true },
  });

/** Whether a row that is yet to be applied names roles. */
export async function namesRoles(
  importId: string,
  organizationId: string,
  db: Db = prisma(),
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM user_import_rows
     WHERE import_id = ${importId}::uuid AND organization_id = ${organizationId}::uuid
       AND jsonb_array_length(NULLIF(pending -> 'roles', 'null')) > 0
     LIMIT 1`;
  return rows.length > 0;
}

export interface SettledRow {
  position: number;
  userId: string | null;
  problem: string | null;
}

/** Writes what became of rows, and forgets their hashes; one statement. */
export async function settleRows(importId: string, rows: SettledRow[], db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE user_import_rows AS r
       SET pending = NULL, user_id = s."userId", problem = s.problem,
           outcome = CASE WHEN s."userId" IS NULL THEN 'skipped' ELSE 'created' END::user_import_outcome
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
           AS s(position int, "userId" uuid, problem text)
     WHERE r.import_id = ${importId}::uuid AND r.position = s.position AND r.outcome IS NULL`;
}

/** One statement: false when somebody has moved the cursor meanwhile. */
export async function advanceImport(
  id: string,
  { from, to, created }: { from: number; to: number; created: number },
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE user_imports
       SET cursor = ${to}, created_count = created_count + ${created}, updated_at = now(),
           state = CASE WHEN ${to} = row_count THEN 'finished' ELSE 'running' END::user_import_state,
           finished_at = CASE WHEN ${to} = row_count THEN now() END
     WHERE id = ${id}::uuid AND cursor = ${from} AND state <> 'finished'`;
  return count === 1;
}

export interface ImportRemark {
  line: number;
  email: string | null;
  problem: string | null;
  note: string | null;
}

/** The rows that something is to be said about, in the order of the file. */
export const listRemarks = (
  importId: string,
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<ImportRemark[]> =>
  db.userImportRow.findMany({
    where: {
      importId,
      organizationId,
      OR: [{ problem: { not: null } }, { note: { not: null } }],
    },
    orderBy: { position: "asc" },
    take: countMax,
    select: { line: true, email: true, problem: true, note: true },
  });

/** One statement: imports over for 30 days, and those that nobody went on with for 7. */
export const deleteOldImports = (): Promise<number> =>
  prisma().$executeRaw`
    DELETE FROM user_imports
     WHERE updated_at < now() - interval '30 days'
        OR (state <> 'finished' AND updated_at < now() - interval '7 days')`;
