import { expect, test } from "vitest";
import { migrationStatus } from "./migration-status.mjs";

const FIRST = { name: "20260101000000_first", checksum: "a" };
const SECOND = { name: "20260102000000_second", checksum: "b" };

/** @param {{ name: string, checksum: string }} migration @param {Partial<import("./migration-status.mjs").Row>} [changes] */
const row = ({ name, checksum }, changes) => ({
  migration_name: name,
  checksum,
  finished_at: new Date(),
  rolled_back_at: null,
  logs: null,
  ...changes,
});

test("a database with every migration is current", () => {
  expect(migrationStatus([row(FIRST), row(SECOND)], [FIRST, SECOND])).toEqual({
    outcome: "current",
  });
});

test("missing migrations are pending, in their order", () => {
  expect(migrationStatus([], [FIRST, SECOND])).toEqual({
    outcome: "pending",
    names: [FIRST.name, SECOND.name],
  });
});

test("a migration that neither finished nor was rolled back is failed", () => {
  const rows = [row(FIRST, { finished_at: null, logs: "boom" })];
  expect(migrationStatus(rows, [FIRST])).toEqual({
    outcome: "failed",
    name: FIRST.name,
    logs: "boom",
  });
});

test("a rolled back attempt leaves its migration pending", () => {
  const rows = [row(FIRST, { finished_at: null, rolled_back_at: new Date() })];
  expect(migrationStatus(rows, [FIRST])).toEqual({ outcome: "pending", names: [FIRST.name] });
});

test("a migration that the code does not know makes the database newer", () => {
  expect(migrationStatus([row(FIRST), row(SECOND)], [FIRST])).toEqual({
    outcome: "newer",
    names: [SECOND.name],
  });
});

test("an applied migration with another checksum was edited", () => {
  expect(migrationStatus([row(FIRST, { checksum: "z" })], [FIRST])).toEqual({
    outcome: "edited",
    names: [FIRST.name],
  });
});
