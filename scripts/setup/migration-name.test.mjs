import { expect, test } from "vitest";
import { migrationFolderName } from "./migration-name.mjs";

const NOW = new Date("2026-03-04T05:06:07.890Z");

test("a folder sorts by time and reads as a name", () => {
  expect(migrationFolderName("Add invoices!", NOW)).toBe("20260304050607_add_invoices");
});

test("a name without letters or digits is refused", () => {
  expect(() => migrationFolderName("--", NOW)).toThrow("names no migration");
});
