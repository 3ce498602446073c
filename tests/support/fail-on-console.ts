import { afterEach, beforeEach, expect, vi } from "vitest";

// What a test did not expect to be printed is a defect that nobody reads.
beforeEach(() => {
  vi.spyOn(console, "error");
  vi.spyOn(console, "warn");
});

afterEach(() => {
  const printed = [...vi.mocked(console.error).mock.calls, ...vi.mocked(console.warn).mock.calls];
  vi.restoreAllMocks();
  expect(printed, "unexpected output on console.error or console.warn").toEqual([]);
});
