import { expect, test } from "vitest";
import { csvOf } from "@/lib/shared/csv";

test("no cell is a formula, and none ends before its end", () => {
  const evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", 'a"b', "a,b\nc", ""];
  expect(
    csvOf(
      ["name"],
      evil.map((value) => [value]),
    ),
  ).toBe(
    [
      '"name"',
      `"'=1+1"`,
      `"'+1"`,
      `"'-1"`,
      `"'@SUM(A1)"`,
      `"'\t=1"`,
      `"'\r=1"`,
      `"'\n=1"`,
      '"a""b"',
      '"a,b\nc"',
      '""',
      "",
    ].join("\r\n"),
  );
});
