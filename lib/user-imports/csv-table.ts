import "server-only";
import { readCsv } from "@/lib/shared/csv-reader";
import { badRow, type FileReading, type ReadRow } from "@/lib/user-imports/import-row";

/** The cells of one row by the name of their column; a column that is not there is empty. */
export type Cells = (column: string) => string;

/**
 * Reads a file with a header. A column that nobody knows is refused where `known` is closed, so that
 * a misspelt one is not silently left out.
 */
export function readTable(
  text: string,
  columns: { required: readonly string[]; known: readonly string[] | null },
  rowOf: (line: number, cells: Cells) => ReadRow,
): FileReading {
  const reading = readCsv(text);
  if (reading.outcome === "malformed") {
    const problem = `Line ${reading.line} is no CSV: ${reading.problem}. Export the file again, or repair the line.`;
    return { outcome: "unreadable", problem };
  }
  const [header, ...records] = reading.records;
  const names = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const problem = judgeHeader(names, columns);
  if (problem !== null) return { outcome: "unreadable", problem };
  const places = new Map(names.map((name, index) => [name, index]));
  const rows = records.map(({ line, cells }) => {
    if (cells.length !== names.length) {
      const has = `There are ${cells.length} cells where the header has ${names.length}.`;
      return badRow(
        line,
        cells[places.get("email") ?? -1],
        `${has} Put cells with commas in quotes.`,
      );
    }
    return rowOf(line, (column) => cells[places.get(column) ?? -1]?.trim() ?? "");
  });
  return { outcome: "read", rows };
}

function judgeHeader(
  names: string[],
  { required, known }: { required: readonly string[]; known: readonly string[] | null },
): string | null {
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) return `The first line has to name the column ${missing.join(", ")}.`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `The first line names the column ${twice.slice(0, 50)} twice.`;
  const unknown = known === null ? [] : names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return null;
  return `The first line names the column ${unknown[0]?.slice(0, 50)}, which there is not. There are: ${known?.join(", ")}.`;
}
