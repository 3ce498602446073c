import "server-only";
import "#node-only";
import { createHash } from "node:crypto";

/** What may be told of a statement: never its values, and never its text, which can hold some. */
export interface StatementSummary {
  operation: string;
  /** The tables that it names, in their order. */
  tables: readonly string[];
  /** Of its text: the same for the same statement, and nothing can be read from it. */
  fingerprint: string;
}

/** What opens a literal or a remark, and what closes it where that is something else. */
const OPENINGS = /'|--|\/\*|\$\w{0,63}\$/g;
const CLOSINGS: Partial<Record<string, string>> = { "--": "\n", "/*": "*/" };
const TOKENS = /[()]|"[a-z_][a-z0-9_]*"|[a-z_][a-z0-9_]*|\./gi;
const OPERATIONS = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"]);
const BEFORE_TABLES = new Set(["FROM", "JOIN", "INTO", "UPDATE"]);
/** `FOR UPDATE` and `DO UPDATE` name none. */
const NO_TABLE_AFTER = new Set(["FOR", "DO", "KEY"]);
const TABLES_MAX = 8;
const KEPT_MAX = 2_000;

const kept = new Map<string, StatementSummary>();

export function summarise(text: string): StatementSummary {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const tokens = withoutLiterals(text).match(TOKENS) ?? [];
  const summary = {
    operation: operationOf(tokens),
    tables: tablesOf(tokens),
    fingerprint: createHash("sha256").update(text).digest("hex").slice(0, 16),
  };
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(text, summary);
  return summary;
}

/** One that does not end takes the rest with it. A doubled quote is an end and a beginning. */
function withoutLiterals(text: string): string {
  let plain = "";
  let at = 0;
  while (at !== -1) {
    OPENINGS.lastIndex = at;
    const opening = OPENINGS.exec(text);
    plain += `${text.slice(at, opening?.index)} `;
    if (opening === null) break;
    const closing = CLOSINGS[opening[0]] ?? opening[0];
    const end = text.indexOf(closing, opening.index + opening[0].length);
    at = end === -1 ? -1 : end + closing.length;
  }
  return plain;
}

/** What comes first, and after WITH what all of it is for. */
function operationOf(tokens: readonly string[]): string {
  const first = tokens.find((token) => /^\w/.test(token))?.toUpperCase() ?? "_OTHER";
  if (first !== "WITH") return first;
  let depth = 0;
  for (const token of tokens) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth === 0 && OPERATIONS.has(token.toUpperCase())) return token.toUpperCase();
  }
  return first;
}

function tablesOf(tokens: readonly string[]): string[] {
  const tables = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (!BEFORE_TABLES.has(token.toUpperCase())) continue;
    if (NO_TABLE_AFTER.has(tokens[index - 1]?.toUpperCase() ?? "")) continue;
    const name = lastOfPath(tokens, index + 1);
    if (name !== null) tables.add(name);
  }
  return [...tables].slice(0, TABLES_MAX);
}

/** `"public"."users"` is users. */
function lastOfPath(tokens: readonly string[], start: number): string | null {
  let at = start;
  while (tokens[at + 1] === ".") at += 2;
  const name = tokens[at]?.replaceAll('"', "");
  return name !== undefined && /^[a-z_]/.test(name) ? name : null;
}
