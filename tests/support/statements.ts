import pg from "pg";
import { afterAll, beforeAll } from "vitest";

export interface Statement {
  text: string;
  values: unknown[];
  /** What it was sent on. */
  connection: object;
}

/** Tells of every statement that the process sends to the database, before it is sent. */
export function watchStatements(listener: (statement: Statement) => void): void {
  const original = pg.Client.prototype.query;
  const { query } = { query: original as (...args: unknown[]) => unknown };
  beforeAll(() => {
    pg.Client.prototype.query = function watched(this: object, ...args: unknown[]) {
      const [first, second] = args;
      const given = (typeof first === "string" ? { text: first, values: second } : first) as {
        text?: string;
        values?: unknown;
      };
      const values = Array.isArray(given.values) ? (given.values as unknown[]) : [];
      listener({ text: given.text ?? "", values, connection: this });
      return query.apply(this, args);
    } as typeof original;
  });
  afterAll(() => {
    pg.Client.prototype.query = original;
  });
}
