import "server-only";
import { PRIVATE, type Reply } from "@/lib/platform/http/reply";

/** As many rows as one file has; the header `link` says where the next one goes on. */
export const CSV_ROWS_MAX = 10_000;

/**
 * A cell in quotes (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe:
 * whoever chose a name must not have it calculated where somebody else reads it.
 */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

export const csvOf = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");

/** A file to keep, with where the next one goes on. */
export const csvReply = (name: string, body: string, nextHref: string | null): Reply => ({
  status: 200,
  headers: {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.csv"`,
    ...PRIVATE,
    ...(nextHref === null ? {} : { link: `<${nextHref}>; rel="next"` }),
  },
  body,
});
