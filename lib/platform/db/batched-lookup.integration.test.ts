import { expect, test, vi } from "vitest";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { pool } from "@/lib/platform/db/pool";

const squareOf = batchedLookup<number, { square: number }>({
  name: "square-of",
  text: "SELECT n AS key, n * n AS square FROM unnest($1::int[]) AS n WHERE n > 0",
  textOf: String,
});

test("keys that are asked for together are looked up by one query, each with its own answer", async () => {
  const query = vi.spyOn(pool(), "query");
  const answers = await Promise.all([3, 0, 2, 3].map(squareOf));
  expect(answers).toEqual([{ square: 9 }, null, { square: 4 }, { square: 9 }]);
  expect(query.mock.calls).toMatchObject([[{ values: [[3, 0, 2]] }]]);
});

test("two who ask for the same key get what is their own to change", async () => {
  const treeOf = batchedLookup<number, { tree: { leaf: string }; at: Date; bytes: Uint8Array }>({
    name: "tree-of",
    text: `SELECT n AS key, '{"leaf":"as it is"}'::jsonb AS tree, now() AS at, '\\x01'::bytea AS bytes
             FROM unnest($1::int[]) AS n`,
    textOf: String,
  });
  const [mine, yours] = await Promise.all([treeOf(1), treeOf(1)]);
  if (mine) mine.tree.leaf = "as I like it";
  expect(yours).toEqual({
    tree: { leaf: "as it is" },
    at: mine?.at,
    bytes: new Uint8Array([1]),
  });
});

test("nothing is kept for the next question", async () => {
  const query = vi.spyOn(pool(), "query");
  await squareOf(3);
  await squareOf(3);
  expect(query).toHaveBeenCalledTimes(2);
});

test("a query that fails fails for all that asked, and the next one is asked anew", async () => {
  const query = vi.spyOn(pool(), "query").mockRejectedValueOnce(new Error("gone"));
  const answers = await Promise.allSettled([2, 3].map(squareOf));
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await squareOf(2)).toEqual({ square: 4 });
  expect(query).toHaveBeenCalledTimes(2);
});

test("who asks while a query is under way is asked for together by the next one", async () => {
  const query = vi.spyOn(pool(), "query");
  const first = squareOf(2);
  await expect.poll(() => query.mock.calls.length).toBe(1);
  const others = [3, 4, 5].map(squareOf);
  await Promise.all([first, ...others]);
  expect(query.mock.calls).toMatchObject([[{ values: [[2]] }], [{ values: [[3, 4, 5]] }]]);
});

test("nobody waits for a query that is never answered", async () => {
  const query = vi.spyOn(pool(), "query").mockReturnValueOnce(new Promise(() => {}) as never);
  void squareOf(2);
  await expect.poll(() => query.mock.calls.length).toBe(1);
  expect(await squareOf(3)).toEqual({ square: 9 });
});
