import "server-only";
import type { FileReading } from "@/lib/user-imports/import-row";
import { readAuth0File } from "@/lib/user-imports/read-auth0-file";
import { readClerkFile } from "@/lib/user-imports/read-clerk-file";
import { readCsvFile } from "@/lib/user-imports/read-csv-file";
import { readKeycloakFile } from "@/lib/user-imports/read-keycloak-file";
import { IMPORT_ROWS_MAX, type ImportFormat } from "@/lib/user-imports/user-import.schema";

const READERS: Record<ImportFormat, (text: string, vouched: boolean) => FileReading> = {
  csv: readCsvFile,
  keycloak: readKeycloakFile,
  auth0: readAuth0File,
  clerk: readClerkFile,
};

const unreadable = (problem: string): FileReading => ({ outcome: "unreadable", problem });

/**
 * Reads a whole file, and judges each row by itself and against the others. No text makes it throw.
 * `vouched` says that the other system's word is taken for every address (see {@link judgeRow}).
 */
export function readImportFile(
  format: ImportFormat,
  bytes: Uint8Array,
  { vouched }: { vouched: boolean },
): FileReading {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return unreadable("The file is not UTF-8. Save it as UTF-8 and try again.");
  }
  const reading = READERS[format](text, vouched);
  if (reading.outcome === "unreadable") return reading;
  const { rows } = reading;
  if (rows.length === 0) return unreadable("There is no user in this file.");
  if (rows.length > IMPORT_ROWS_MAX) {
    const most = IMPORT_ROWS_MAX.toLocaleString("en");
    return unreadable(`There are more than ${most} users in this file. Split it.`);
  }
  const lines = new Map<string, number>();
  for (const row of rows) {
    if (row.user === null) continue;
    const first = lines.get(row.user.email);
    if (first === undefined) lines.set(row.user.email, row.line);
    else {
      row.problem = `The address is in line ${first} already. Keep one of the two.`;
      row.user = null;
    }
  }
  return reading;
}
