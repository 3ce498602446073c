import { expect, test } from "vitest";
import { roundUp } from "@/components/charts/bar-chart";

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 5],
  [7, 10],
  [11, 20],
  [101, 200],
  [5_000, 5_000],
])("a chart of at most %i goes up to %i", (value, top) => {
  expect(roundUp(value)).toBe(top);
});
