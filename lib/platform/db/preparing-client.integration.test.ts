import { expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { inTransaction } from "@/lib/platform/db/transaction";

/** The statements that this one connection has prepared. */
const PREPARED =
  "SELECT statement, generic_plans + custom_plans AS runs FROM pg_prepared_statements";

interface Prepared {
  statement: string;
  runs: string;
}

test("what is asked often is prepared once a connection, in a transaction of Prisma too", async () => {
  const prepared = await inTransaction(async (tx) => {
    for (let turn = 0; turn < 6; turn += 1) await tx.user.count({ where: { name: `n${turn}` } });
    return tx.$queryRawUnsafe<Prepared[]>(PREPARED);
  });
  const counts = prepared.filter(({ statement }) => statement.includes('"public"."users"'));
  expect(counts).toHaveLength(1);
  expect(Number(counts[0]?.runs)).toBe(4);
});

test("what is asked outside a transaction is, by Prisma and by a store", async () => {
  const client = await pool().connect();
  try {
    for (let turn = 0; turn < 6; turn += 1) {
      const { rows } = await client.query<{ told: number }>("SELECT $1::int + 1 AS told", [turn]);
      expect(rows).toEqual([{ told: turn + 1 }]);
    }
    const { rows } = await client.query<Prepared>(PREPARED);
    expect(rows.filter(({ statement }) => statement.includes("+ 1 AS told"))).toHaveLength(1);
  } finally {
    client.release();
  }
  const seen = await Promise.all(
    Array.from({ length: 40 }, () => prisma().role.findMany({ take: 3 })),
  );
  expect(new Set(seen.map((roles) => JSON.stringify(roles))).size).toBe(1);
});

test("a statement that fails leaves nothing behind that its name would meet again", async () => {
  const client = await pool().connect();
  try {
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(client.query("SELECT $1::int / 0", [turn])).rejects.toThrow("division by zero");
      await client.query("BEGIN");
      await expect(client.query("SELECT $1::text FROM nowhere", ["a"])).rejects.toThrow("nowhere");
      await client.query("ROLLBACK");
    }
    expect((await client.query("SELECT $1::int AS one", [1])).rows).toEqual([{ one: 1 }]);
  } finally {
    client.release();
  }
});
