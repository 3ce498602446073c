import { expect, test } from "vitest";
import { versionsOf } from "@/app/api/entity-tag";

test.each([
  [null, undefined],
  ["*", undefined],
  ['"3"', [3]],
  ["3", [3]],
  ['"1", "2"', [1, 2]],
  ['W/"3"', []],
  ['"abc"', []],
  ['"99999999999"', []],
  ["", []],
])("If-Match %j asks for %j", (header, versions) => {
  expect(versionsOf(header)).toEqual(versions);
});
