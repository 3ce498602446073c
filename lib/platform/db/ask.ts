import "server-only";
import type { QueryResultRow } from "pg";
import type { Prisma } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

/**
 * The rows of a statement that is prepared once a connection, under its name; within a transaction it
 * is asked there, and takes no second connection.
 */
export async function ask<T extends QueryResultRow>(
  name: string,
  statement: Prisma.Sql,
  db: Db | undefined,
): Promise<T[]> {
  if (db !== undefined) return db.$queryRaw<T[]>(statement);
  const { text, values } = statement;
  return (await pool().query<T>({ name, text, values })).rows;
}
