import { expect, test } from "vitest";
import { summarise } from "@/lib/platform/tracing/statement-summary";

test.each<[string, string, string[]]>([
  [
    `SELECT "public"."users"."id" FROM "public"."users" WHERE "public"."users"."id" = $1`,
    "SELECT",
    ["users"],
  ],
  ["INSERT INTO outbox (id) VALUES ($1)", "INSERT", ["outbox"]],
  [
    "UPDATE outbox SET a = 1 WHERE id IN (SELECT id FROM sessions FOR UPDATE SKIP LOCKED)",
    "UPDATE",
    ["outbox", "sessions"],
  ],
  ["INSERT INTO a (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET b = $2", "INSERT", ["a"]],
  [
    "WITH gone AS (DELETE FROM a RETURNING id) SELECT count(*) FROM gone JOIN b ON true",
    "SELECT",
    ["a", "gone", "b"],
  ],
  ["/* why */ BEGIN", "BEGIN", []],
  ["COMMIT", "COMMIT", []],
  ["", "_OTHER", []],
])("of %j the operation and the tables are told", (text, operation, tables) => {
  expect(summarise(text)).toMatchObject({ operation, tables });
});

test.each([
  `SELECT 1 FROM users WHERE email = 'from hunter2' AND note = 'it''s from hunter2'`,
  "SELECT $$ from hunter2 $$, $x$ from hunter2 $x$ FROM users",
  "SELECT 1 FROM users -- from hunter2\n WHERE id = 1",
  "SELECT 1 /* from hunter2 */ FROM users",
])("of the literals and remarks of %j nothing is told", (text) => {
  expect(JSON.stringify(summarise(text))).not.toContain("hunter2");
  expect(summarise(text).tables).toEqual(["users"]);
});

test("the same statement has the same fingerprint, and another one another", () => {
  expect(summarise("SELECT 1").fingerprint).toBe(summarise("SELECT 1").fingerprint);
  expect(summarise("SELECT 1").fingerprint).not.toBe(summarise("SELECT 2").fingerprint);
  expect(summarise("SELECT 1").fingerprint).toMatch(/^[0-9a-f]{16}$/);
});
