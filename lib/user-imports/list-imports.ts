import "server-only";
import { type Authority, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { csvOf } from "@/lib/shared/csv";
import { isId } from "@/lib/shared/id.schema";
import { IMPORT_ROWS_MAX } from "@/lib/user-imports/user-import.schema";
import {
  findImport,
  type ImportRecord,
  type ImportRemark,
  listImportRecords,
  listRemarks,
} from "@/lib/user-imports/user-import-store";
import { organizationOf } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export type { ImportRecord };

/** Imports are forgotten after a month: nobody needs more of them at once. */
const IMPORTS_MAX = 50;

/** An import with the first rows that something is to be said about. */
export interface ImportView extends ImportRecord {
  remarks: ImportRemark[];
}

const mayImport = (caller: Caller): Promise<void> =>
  authorize(caller, USER_PERMISSIONS.manage, { id: newId() });

/** The organization's imports of late, newest first. */
export async function listImports(caller: Caller): Promise<ImportRecord[]> {
  await mayImport(caller);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) =>
    listImportRecords(organizationId, IMPORTS_MAX, tenant),
  );
}

/** One import of the caller's organization; null when there is none. */
export async function viewImport(
  caller: Caller,
  importId: string,
  remarksMax: number,
): Promise<ImportView | null> {
  await mayImport(caller);
  return view(asCaller(caller), importId, remarksMax);
}

/** The same from the command line of the machine. */
export const viewImportAsOperator = (
  request: RequestFacts,
  importId: string,
  remarksMax: number,
): Promise<ImportView | null> => view({ kind: "operator", request }, importId, remarksMax);

async function view(
  authority: Authority,
  importId: string,
  remarksMax: number,
): Promise<ImportView | null> {
  if (!isId(importId)) return null;
  const organizationId = await inTransaction((tx) => organizationOf(authority, tx));
  return inTenant(organizationId, async (tenant) => {
    const record = await findImport(importId, organizationId, tenant);
    if (record === null) return null;
    return { ...record, remarks: await listRemarks(importId, organizationId, remarksMax, tenant) };
  });
}

/** All that is to be said about rows of an import, as a file; null when there is no such import. */
export async function exportRemarks(caller: Caller, importId: string): Promise<string | null> {
  const found = await viewImport(caller, importId, IMPORT_ROWS_MAX);
  return (
    found &&
    csvOf(
      ["line", "email", "problem", "note"],
      found.remarks.map(({ line, email, problem, note }) => [
        String(line),
        email ?? "",
        problem ?? "",
        note ?? "",
      ]),
    )
  );
}
