import "server-only";

/** A text that is no JSON, or no JSON that anybody should mean, with the line where that shows. */
export class UnreadableJson extends Error {
  constructor(
    problem: string,
    readonly line: number,
  ) {
    super(problem);
    this.name = "UnreadableJson";
  }
}

export type Path = readonly (string | number)[];

export interface ReadJson {
  value: unknown;
  /** The line on which the value at this path begins; of what is not there, of what it would be in. */
  lineOf(path: Path): number;
}

/** Configuration is never deeper; a text must not make the reader itself go deep. */
const DEPTH_MAX = 40;

const BLANK = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SCALAR = /-?[0-9][0-9.eE+-]*|true|false|null/y;

/**
 * Reads JSON (RFC 8259) as `JSON.parse` does, knows the line of every value, and refuses what that
 * takes in silence: a key that an object has twice, of which one would be lost.
 */
export function readJson(text: string): ReadJson {
  const lines = new Map<string, number>();
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  let at = 0;

  const lineAt = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const fail = (problem: string): never => {
    throw new UnreadableJson(problem, lineAt(at));
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const skip = () => void take(BLANK);
  const next = (mark: string): boolean => {
    skip();
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const token = (found: string): unknown => {
    try {
      return JSON.parse(found);
    } catch {
      return fail(`“${found.slice(0, 40)}” is no JSON.`);
    }
  };
  const items = (close: string, read: () => void): void => {
    if (next(close)) return;
    do read();
    while (next(","));
    if (!next(close)) fail(`Here should be a comma or “${close}”.`);
  };

  function value(path: Path): unknown {
    skip();
    if (path.length > DEPTH_MAX) fail("This is nested too deeply.");
    lines.set(JSON.stringify(path), lineAt(at));
    if (next("{")) return object(path);
    if (next("[")) {
      const list: unknown[] = [];
      items("]", () => void list.push(value([...path, list.length])));
      return list;
    }
    const found = take(STRING) ?? take(SCALAR);
    return found === null ? fail("Here should be a value.") : token(found);
  }

  function object(path: Path): unknown {
    const entries = new Map<string, unknown>();
    items("}", () => {
      skip();
      const quoted = take(STRING) ?? fail("Here should be a key in quotation marks.");
      const key = String(token(quoted));
      if (entries.has(key)) fail(`The key ${quoted} is here twice.`);
      if (!next(":")) fail("Here should be a colon.");
      entries.set(key, value([...path, key]));
    });
    return Object.fromEntries(entries);
  }

  const read = value([]);
  skip();
  if (at < text.length) fail("Here should be the end.");
  return {
    value: read,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const line = lines.get(JSON.stringify(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}
