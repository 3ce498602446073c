/** What a spreadsheet would take for a formula begins so (CWE-1236). */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * One cell, always in quotes (RFC 4180). A formula becomes text by an apostrophe: whoever chose a
 * name must not have it calculated where somebody else reads it.
 */
export const csvCell = (text: string): string =>
  `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** A file of comma-separated values: the same rows give the same text. */
export const csvOf = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
