import pg from "pg";
import { afterAll, beforeAll } from "vitest";

export interface Statement {
  text: string;
  values: unknown[];
  /** What it was sent on. */
  connection: object;
}

/** Tells of every statement that the process sends to the database, before it is sent. */
export const watchStatements = (listener: (statement: Statement) => void): void =>
  rewriteStatements((statement) => {
    listener(statement);
    return statement.text;
  });

/** Sends another text in the place of every statement that the process sends to the database. */
export function rewriteStatements(rewrite: (statement: Statement) => string): void {
  const original = pg.Client.prototype.query;
  const { query } = { query: original as (...args: unknown[]) => unknown };
  beforeAll(() => {
    pg.Client.prototype.query = function rewritten(this: object, ...args: unknown[]) {
      const [first, ...others] = args;
      const given = (typeof first === "string" ? { text: first, values: others[0] } : first) as {
        text?: string;
        values?: unknown;
      };
      const values = Array.isArray(given.values) ? (given.values as unknown[]) : [];
      const text = rewrite({ text: given.text ?? "", values, connection: this });
      if (text === given.text) return query.apply(this, args);
      if (typeof first === "string") return query.call(this, text, ...others);
      // A name stands for one text on its connection, and this is another one.
      return query.call(this, { ...given, text, name: undefined }, ...others);
    } as typeof original;
  });
  afterAll(() => {
    pg.Client.prototype.query = original;
  });
}
