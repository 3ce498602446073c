import { randomBytes } from "node:crypto";
import pg from "pg";
import { listUnaudited, watchUnaudited } from "../../tests/support/audit-watch";
import { dropDatabase } from "../../tests/support/drop-database";
import { testEnvironment } from "./environment";

export interface TestDatabase {
  url: string;
  /** Throws when the program changed anything without an event in the same transaction (INV-4). */
  drop: () => Promise<void>;
}

/** A copy of the migrated template, of one's own, under watch. */
export async function createDatabase(purpose: string): Promise<TestDatabase> {
  const { adminUrl, template } = testEnvironment();
  const name = `e2e_${purpose}_${randomBytes(4).toString("hex")}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await watchUnaudited(url.href);
  return {
    url: url.href,
    drop: async () => {
      const unaudited = await listUnaudited(url.href);
      await dropDatabase(adminUrl, name);
      if (unaudited.length > 0) {
        throw new Error(`Changed without an audit event:\n${unaudited.join("\n")}`);
      }
    },
  };
}

/** For what a test itself stores and reads; it is seen at once, and need not survive a crash. */
export function openTestPool(url: string): pg.Pool {
  return new pg.Pool({ connectionString: url, max: 4, options: "-c synchronous_commit=off" });
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testEnvironment().adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
