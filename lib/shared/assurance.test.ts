import { expect, test } from "vitest";
import {
  AAL1,
  AAL2,
  AAL3,
  type AssuranceRequirement,
  higherAcr,
  isAssured,
  isAtLeast,
} from "@/lib/shared/assurance";

const NOW = new Date("2026-01-01T12:00:00Z");
const before = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

test.each([
  [{ acr: AAL1, age: 0 }, {}, true],
  [{ acr: AAL1, age: 0 }, { acr: AAL2 }, false],
  [{ acr: AAL2, age: 99_999 }, { acr: AAL2 }, true],
  [{ acr: AAL3, age: 99_999 }, { acr: AAL2 }, true],
  [{ acr: AAL2, age: 0 }, { acr: AAL3 }, false],
  [{ acr: AAL2, age: 599 }, { maxAge: 600 }, true],
  [{ acr: AAL2, age: 600 }, { maxAge: 600 }, false],
  [{ acr: AAL2, age: -30 }, { maxAge: 600 }, true],
  [{ acr: AAL2, age: -3_600 }, { maxAge: 600 }, false],
  [{ acr: AAL1, age: 10 }, { acr: AAL2, maxAge: 600 }, false],
  [{ acr: "urn:other:aal9", age: 0 }, { acr: AAL1 }, false],
  [{ acr: "toString", age: 0 }, { acr: AAL1 }, false],
] as [{ acr: string; age: number }, AssuranceRequirement, boolean][])(
  "%j against %j: %s",
  ({ acr, age }, requirement, assured) => {
    expect(isAssured({ acr, authTime: before(age) }, requirement, NOW)).toBe(assured);
  },
);

test("a class is at least itself and never more than it proves", () => {
  expect(isAtLeast(AAL2, AAL1)).toBe(true);
  expect(isAtLeast(AAL1, AAL2)).toBe(false);
  expect(higherAcr(AAL1, AAL2)).toBe(AAL2);
  expect(higherAcr(AAL2, "urn:other:aal9")).toBe(AAL2);
});
