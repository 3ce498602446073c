import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { batchedWrite } from "@/lib/platform/db/batched-write";
import { pool } from "@/lib/platform/db/pool";

const write = batchedWrite<{ id: number; word: string }>({
  name: "write-words",
  text: `INSERT INTO words (id, word) SELECT id, word FROM unnest($1::int[], $2::text[]) AS row (id, word)
         ON CONFLICT (id) DO UPDATE SET word = excluded.word`,
  columns: [({ id }) => id, ({ word }) => word],
  orderOf: ({ id }) => String(id).padStart(10, "0"),
});

beforeAll(async () => {
  await pool().query("CREATE TABLE words (id int PRIMARY KEY, word text CHECK (word <> 'bad'))");
});

beforeEach(async () => {
  await pool().query("TRUNCATE words");
});

async function written(): Promise<Record<string, string>> {
  const { rows } = await pool().query<{ id: number; word: string }>("SELECT id, word FROM words");
  return Object.fromEntries(rows.map(({ id, word }) => [id, word]));
}

test("rows that come together are written by one statement, in their order", async () => {
  const query = vi.spyOn(pool(), "query");
  await Promise.all([
    write({ id: 3, word: "c" }),
    write({ id: 1, word: "a" }),
    write({ id: 2, word: "b" }),
  ]);
  expect(query.mock.calls).toMatchObject([
    [
      {
        values: [
          [1, 2, 3],
          ["a", "b", "c"],
        ],
      },
    ],
  ]);
  expect(await written()).toEqual({ 1: "a", 2: "b", 3: "c" });
});

test("what is wrong with one is told to whoever brought it, and the others are written", async () => {
  const outcomes = await Promise.allSettled([
    write({ id: 1, word: "a" }),
    write({ id: 2, word: "bad" }),
    write({ id: 3, word: "c" }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await written()).toEqual({ 1: "a", 3: "c" });
});

test("of two for one place both are written, and the later one stays", async () => {
  await Promise.all([write({ id: 1, word: "first" }), write({ id: 1, word: "second" })]);
  expect(await written()).toEqual({ 1: "second" });
});

test("a row is written when its promise is kept, and not before", async () => {
  const query = vi.spyOn(pool(), "query").mockImplementationOnce(() => new Promise(() => {}));
  const first = write({ id: 1, word: "lost" });
  await expect.poll(() => query.mock.calls.length).toBe(1);
  await write({ id: 2, word: "b" });
  expect(await Promise.race([first.then(() => "kept"), "open"])).toBe("open");
  expect(await written()).toEqual({ 2: "b" });
});
