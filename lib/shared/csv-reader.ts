export interface CsvRecord {
  /** Where it begins; a quoted cell may go on over several lines. */
  line: number;
  cells: string[];
}

export type CsvReading =
  | { outcome: "read"; records: CsvRecord[] }
  | { outcome: "malformed"; line: number; problem: string };

/**
 * Reads comma-separated values as RFC 4180 has them: quoted cells with doubled quotes, any of the
 * three line ends, a byte order mark. What is no such text is refused at its line, and never
 * guessed at. Empty lines are left out. One pass.
 */
export function readCsv(text: string): CsvReading {
  const records: CsvRecord[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const record: CsvRecord = { line, cells: [] };
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      if (typeof cell === "string") return { outcome: "malformed", line, problem: cell };
      record.cells.push(cell.value);
      line += countLines(cell.value);
      at = cell.end;
      if (text[at] !== ",") break;
      at += 1;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    line += 1;
    if (record.cells.length > 1 || record.cells[0] !== "") records.push(record);
  }
  return { outcome: "read", records };
}

interface Cell {
  value: string;
  /** Of the comma or line end behind it, or the end of the text. */
  end: number;
}

const endsCell = (character: string | undefined): boolean =>
  character === undefined || character === "," || character === "\r" || character === "\n";

function plainCell(text: string, start: number): Cell | string {
  let end = start;
  while (!endsCell(text[end])) {
    if (text[end] === '"') return "a quote stands inside a cell that does not begin with one";
    end += 1;
  }
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number): Cell | string {
  const parts: string[] = [];
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return "a quoted cell is not closed";
    parts.push(text.slice(from, quote));
    if (text[quote + 1] !== '"') {
      if (!endsCell(text[quote + 1])) return "something follows the closing quote of a cell";
      return { value: parts.join(""), end: quote + 1 };
    }
    parts.push('"');
    from = quote + 2;
  }
}

const countLines = (value: string): number => value.match(/\r\n|\r|\n/g)?.length ?? 0;
