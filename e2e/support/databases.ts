import { randomBytes } from "node:crypto";
import pg from "pg";
import { dropDatabase } from "../../tests/support/drop-database";
import { testEnvironment } from "./environment";

export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** A copy of the migrated template, of one's own. */
export async function createDatabase(purpose: string): Promise<TestDatabase> {
  const { adminUrl, template } = testEnvironment();
  const name = `e2e_${purpose}_${randomBytes(4).toString("hex")}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(adminUrl, name) };
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
