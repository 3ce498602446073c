import { expect, test } from "vitest";
import { migrationFolderName } from "./migration-name.mjs";

const NOW = new Date("2026-03-04T05:06:07.890Z");

test("a folder sorts by time and reads as a name", () => {
  expect(migrationFolderName("Add invoices!", NOW)).toBe("20260304050607_add_invoices");
});

test("a folder sorts after every other, also where the clock is behind", () => {
  const existing = ["20260304050600_older", "20271231235959_newer"];
  expect(migrationFolderName("next", NOW, existing)).toBe("20271231235960_next");
});

test("a name without letters or digits is refused", () => {
  expect(() => migrationFolderName("--", NOW)).toThrow("names no migration");
});
