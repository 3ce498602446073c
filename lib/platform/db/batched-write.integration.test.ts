import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { batchedWrite } from "@/lib/platform/db/batched-write";
import { pool } from "@/lib/platform/db/pool";

const write = batchedWrite<{ id: number; word: string }>({
  name: "write-words",
  text: `INSERT INTO words (id, word) SELECT id, word FROM unnest($1::int[], $2::text[]) AS row (id, word)`,
  columns: [({ id }) => id, ({ word }) => word],
});

beforeAll(async () => {
  await pool().query("CREATE TABLE words (id int PRIMARY KEY, word text)");
});

beforeEach(async () => {
  await pool().query("TRUNCATE words");
});

async function written(): Promise<Record<string, string>> {
  const { rows } = await pool().query<{ id: number; word: string }>("SELECT id, word FROM words");
  return Object.fromEntries(rows.map(({ id, word }) => [id, word]));
}

test("rows that come together are written by one statement", async () => {
  const query = vi.spyOn(pool(), "query");
  await Promise.all([3, 1, 2].map((id) => write({ id, word: `word ${id}` })));
  expect(query.mock.calls).toMatchObject([
    [
      {
        values: [
          [3, 1, 2],
          ["word 3", "word 1", "word 2"],
        ],
      },
    ],
  ]);
  expect(await written()).toEqual({ 1: "word 1", 2: "word 2", 3: "word 3" });
});

test("a statement that fails fails for all in it, once, and the next one is written", async () => {
  const query = vi.spyOn(pool(), "query").mockRejectedValueOnce(new Error("gone"));
  const outcomes = await Promise.allSettled([1, 2].map((id) => write({ id, word: "a" })));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await write({ id: 1, word: "b" });
  expect(query).toHaveBeenCalledTimes(2);
  expect(await written()).toEqual({ 1: "b" });
});

test("a row is on disk when its promise is kept, and not before", async () => {
  const query = vi.spyOn(pool(), "query").mockReturnValueOnce(new Promise(() => {}) as never);
  const first = write({ id: 1, word: "lost" });
  await expect.poll(() => query.mock.calls.length).toBe(1);
  await write({ id: 2, word: "b" });
  expect(await Promise.race([first.then(() => "kept"), "open"])).toBe("open");
  expect(await written()).toEqual({ 2: "b" });
});

test("however many come at once, a statement is about a hundred", async () => {
  const query = vi.spyOn(pool(), "query");
  await Promise.all(Array.from({ length: 250 }, (_, id) => write({ id, word: "a" })));
  const asked = query.mock.calls.flat() as unknown as { values: [number[], string[]] }[];
  const sizes = asked.map(({ values: [ids] }) => ids.length);
  expect(sizes).toEqual([100, 100, 50]);
  expect(Object.keys(await written())).toHaveLength(250);
});
