import { expect, test } from "vitest";
import { AuditListing, periodOf } from "@/lib/audit-log/audit-log.schema";

test("a day that is named is in the period as a whole, in UTC", () => {
  expect(periodOf({ from: "2027-01-31", to: "2027-01-31" })).toEqual({
    from: new Date("2027-01-31T00:00:00Z"),
    before: new Date("2027-02-01T00:00:00Z"),
  });
});

test("an instant that is named is in the period", () => {
  const at = "2027-01-31T12:00:00+02:00";
  expect(periodOf({ from: at, to: at })).toEqual({
    from: new Date("2027-01-31T10:00:00.000Z"),
    before: new Date("2027-01-31T10:00:00.001Z"),
  });
});

test("a period that is not named has no ends", () => {
  expect(periodOf({})).toEqual({ from: null, before: null });
});

test.each([
  ["id", "admin"],
  ["actor", ""],
  ["actor", "a\nb"],
  ["action", "user"],
  ["action", "user.created; DROP"],
  ["target", ""],
  ["target", "a\u0000b"],
  ["outcome", "maybe"],
  ["from", "yesterday"],
  ["from", "2027-02-30"],
  ["to", "2027-01-31T25:00:00Z"],
  ["other", "x"],
])("%s is not %j", (name, value) => {
  expect(AuditListing.safeParse({ [name]: value }).success).toBe(false);
});
