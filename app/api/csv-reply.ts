import "server-only";
import { PRIVATE, type Reply } from "@/lib/platform/http/reply";

/** What a spreadsheet would take for a formula is text to it (CWE-1236). */
const defused = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const cell = (text: string): string => `"${defused(text).replaceAll('"', '""')}"`;

/** A file of comma-separated values (RFC 4180) that the browser saves under this name. */
export const csvReply = (filename: string, rows: string[][]): Reply => ({
  status: 200,
  headers: {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${filename}"`,
    ...PRIVATE,
  },
  body: rows.map((row) => `${row.map(cell).join(",")}\r\n`).join(""),
});
