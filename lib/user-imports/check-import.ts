import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { authorizeImport } from "@/lib/user-imports/authorize-import";
import type { ReadRow } from "@/lib/user-imports/import-row";
import { judgeRows } from "@/lib/user-imports/judge-rows";
import { readImportFile } from "@/lib/user-imports/read-import-file";
import type { ImportFormat } from "@/lib/user-imports/user-import.schema";
import { insertImport } from "@/lib/user-imports/user-import-store";
import { organizationOf } from "@/lib/users/govern-user";

export interface ImportFile {
  format: ImportFormat;
  bytes: Uint8Array;
  /** Takes the author's word for every address, also where the file says nobody verified it. */
  vouched: boolean;
  /** Gives everybody what new users get, whatever roles the file names. */
  defaultRoles: boolean;
}

export type ImportCheck =
  | { outcome: "checked"; id: string }
  | { outcome: "rejected"; reason: "unreadable"; problem: string };

/**
 * Judges every row of a file and keeps what it says, so that it can be looked at and then applied.
 * Makes no user. Takes what making the users will take: the permission, the roles and a fresh proof.
 */
export async function checkImport(caller: Caller, file: ImportFile): Promise<ImportCheck> {
  // Before anything is read: a file costs more than a question.
  await authorizeImport(caller, false);
  return check(asCaller(caller), file);
}

/** The same from the command line of the machine. */
export const checkImportAsOperator = (
  request: RequestFacts,
  file: ImportFile,
): Promise<ImportCheck> => check({ kind: "operator", request }, file);

async function check(
  authority: Authority,
  { format, bytes, vouched, defaultRoles }: ImportFile,
): Promise<ImportCheck> {
  const reading = readImportFile(format, bytes, { vouched });
  if (reading.outcome === "unreadable") {
    return { outcome: "rejected", reason: "unreadable", problem: reading.problem };
  }
  const rows = defaultRoles ? reading.rows.map(withoutRoles) : reading.rows;
  if (authority.kind === "caller" && rows.some(({ user }) => user?.roles)) {
    await authorizeImport(authority.caller, true);
  }
  const organizationId = await inTransaction((tx) => organizationOf(authority, tx));
  await judgeRows(rows, authority, organizationId);
  const id = newId();
  const actor = actorOf(authority);
  const badCount = rows.filter(({ problem }) => problem !== null).length;
  await inTransaction(async (tx) => {
    const authorId = actor.type === "user" ? actor.id : null;
    await insertImport({ id, organizationId, format, authorId, badCount }, rows, tx);
    await recordEvent(
      {
        action: "user_import.checked",
        outcome: "success",
        actor,
        target: { type: "user_import", id },
        after: { format, rows: rows.length, bad: badCount, vouched },
      },
      requestOf(authority),
      tx,
    );
  });
  return { outcome: "checked", id };
}

const withoutRoles = (row: ReadRow): ReadRow =>
  row.user === null ? row : { ...row, user: { ...row.user, roles: null } };
