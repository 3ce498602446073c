import { expect, test } from "vitest";
import { createStatementNames } from "@/lib/platform/db/statement-names";

test("a statement has a name from the third time on, and always the same", () => {
  const nameOf = createStatementNames();
  expect([1, 2, 3, 4].map(() => nameOf("SELECT $1"))).toEqual([
    undefined,
    undefined,
    "often_0",
    "often_0",
  ]);
});

test("no two statements share a name, and there are never more than five hundred", () => {
  const nameOf = createStatementNames();
  const names = Array.from({ length: 10_000 }, (_, number) => {
    const text = `SELECT ${number}`;
    nameOf(text);
    nameOf(text);
    return nameOf(text);
  });
  const given = names.filter((name) => name !== undefined);
  expect(new Set(given).size).toBe(given.length);
  expect(given).toHaveLength(500);
  // Those that have one keep it.
  expect(nameOf("SELECT 499")).toBe("often_499");
  expect(nameOf("SELECT 500")).toBeUndefined();
});

test("what is asked once each never gets a name, however much of it there is", () => {
  const nameOf = createStatementNames();
  for (let length = 0; length < 50_000; length += 1) {
    expect(nameOf(`SELECT ${length}`)).toBeUndefined();
  }
});
