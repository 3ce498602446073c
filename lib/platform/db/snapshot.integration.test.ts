import { expect, test } from "vitest";
import { pool } from "@/lib/platform/db/pool";
import { inSnapshot, type Row } from "@/lib/platform/db/snapshot";

const backendAndNumbers = () =>
  inSnapshot<Row>(async function* (read) {
    yield* read("SELECT pg_backend_pid() AS pid", []);
    yield* read("SELECT generate_series(1, 2000) AS number", []);
  });

test("all rows are read, in parts", async () => {
  const numbers: unknown[] = [];
  for await (const { number } of backendAndNumbers()) numbers.push(number);
  expect(numbers.slice(1)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
});

test("whoever pauses for too long loses the snapshot, and nobody else loses anything (FLT-10)", async () => {
  const errors: unknown[] = [];
  const note = (error: unknown) => errors.push(error);
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", note);
  try {
    const stream = backendAndNumbers();
    const { value } = await stream.next();
    // As the database does after the pause that it allows.
    await pool().query("SELECT pg_terminate_backend($1)", [(value as Row)["pid"]]);
    await expect
      .poll(() =>
        pool()
          .query("SELECT 1")
          .then(({ rowCount }) => rowCount),
      )
      .toBe(1);
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    await expect(stream.next()).rejects.toThrow(/not queryable|Connection terminated/);
  } finally {
    process.removeListener("uncaughtException", note);
    for (const other of others) process.on("uncaughtException", other);
  }
  expect(errors).toEqual([]);
});
