import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf } from "@/lib/shared/csv";
import { readCsv } from "@/lib/shared/csv-reader";

const cellsOf = (text: string) => {
  const reading = readCsv(text);
  if (reading.outcome !== "read") throw new Error(reading.problem);
  return reading.records.map(({ cells }) => cells);
};

test("what is written as CSV is read as it was", () => {
  // A formula is written with an apostrophe, which is another test's business.
  const cell = fc
    .string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r", " ", "'", "=", "🦉") })
    .filter((text) => !/^[=+\-@\t\r\n]/.test(text));
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })));
  fc.assert(
    fc.property(table, (rows) => {
      expect(cellsOf(csvOf(["a", "b"], rows))).toEqual([["a", "b"], ...rows]);
    }),
  );
});

test("any text is read or refused, and never throws", () => {
  const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "\uFEFF") });
  fc.assert(
    fc.property(text, (given) => {
      expect(["read", "malformed"]).toContain(readCsv(given).outcome);
    }),
  );
});

test.each<[string, string[][]]>([
  [
    "a,b\r\n1,2\r\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\r1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["\uFEFFa,b", [["a", "b"]]],
  ['"a,""b""",c', [['a,"b"', "c"]]],
  [
    "a,\n,b",
    [
      ["a", ""],
      ["", "b"],
    ],
  ],
  ["a\n\n\nb", [["a"], ["b"]]],
  ["", []],
])("%j has the cells %j", (text, cells) => {
  expect(cellsOf(text)).toEqual(cells);
});

test("a record's line is the one that it begins in, past cells of several lines", () => {
  const reading = readCsv('h,i\n"one\r\ntwo",x\n\nlast,y');
  expect(reading).toMatchObject({ records: [{ line: 1 }, { line: 2 }, { line: 5 }] });
});

test.each<[string, number]>([
  ['a,b\n"open,c', 2],
  ['a,b\nc,d"e', 2],
  ['"a"b,c', 1],
])("%j is refused at line %d", (text, line) => {
  expect(readCsv(text)).toMatchObject({ outcome: "malformed", line });
});

test("reading takes time in proportion to the text", () => {
  const begun = performance.now();
  readCsv(`${'"",'.repeat(300_000)}"`);
  readCsv(`a,${'""'.repeat(300_000)}`);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
