import { expect, test } from "vitest";
import { summarise } from "./tally.mjs";

const UNIT = { suite: "unit", passed: 3, failed: 0, skips: [] };
const SKIPPING = { ...UNIT, skips: [{ name: "shares limits", reason: "needs redis-server" }] };
const last = (/** @type {{ lines: string[] }} */ { lines }) => lines.at(-1);

test("the sums of all suites close the run", () => {
  const summary = summarise([UNIT, { ...UNIT, failed: 2 }], { ci: true });
  expect(last(summary)).toBe("6 passed, 2 failed");
  expect(summary.succeeded).toBe(false);
});

test("a suite in which nothing ran fails", () => {
  const summary = summarise([UNIT, { ...UNIT, suite: "integration", passed: 0 }], { ci: false });
  expect(summary.lines).toContain("failed: integration: no test ran");
  expect(last(summary)).toBe("3 passed, 1 failed");
});

test("a skip is listed with what to install, and does not fail", () => {
  const summary = summarise([SKIPPING], { ci: false });
  expect(summary.lines).toEqual([
    "skipped: unit: shares limits (needs redis-server)",
    "  install redis-server: apt-get install redis-server",
    "3 passed, 0 failed, 1 skipped",
  ]);
  expect(summary.succeeded).toBe(true);
});

test("in CI a skip fails", () => {
  const summary = summarise([SKIPPING], { ci: true });
  expect(last(summary)).toBe("3 passed, 1 failed");
  expect(summary.succeeded).toBe(false);
});
