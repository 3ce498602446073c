import { expect, test } from "vitest";
import { matrixOf } from "./conformance-matrix.mjs";

const plan = (/** @type {object} */ module) => [
  { title: "A plan", modules: [{ id: "BCP-1", checks: "something", ...module }] },
];
const proof = (/** @type {string} */ name, passed = true) => ({
  file: "tests/conformance/a.integration.test.ts",
  name,
  passed,
});

test("a module is proven by tests that name it, and by no other's", () => {
  const { page, problems } = matrixOf(plan({}), [proof("exact (BCP-1)"), proof("other (BCP-12)")]);
  expect(problems).toEqual([]);
  expect(page).toContain("| BCP-1 | something | passed: `a` |");
});

test.each([
  ["nothing proves", {}, [proof("BCP-12")], "BCP-1: no test proves it"],
  ["failed", {}, [proof("BCP-1"), proof("BCP-1 too", false)], "BCP-1: a test of it did not pass"],
  [
    "is not offered and tested all the same",
    { notOffered: "so" },
    [proof("BCP-1")],
    "BCP-1: tested, yet not offered",
  ],
])("a module that %s is a problem", (_, module, proofs, problem) => {
  expect(matrixOf(plan(module), proofs).problems).toEqual([problem]);
});

test("what is not offered says why", () => {
  const { page, problems } = matrixOf(plan({ notOffered: "nobody wants it" }), []);
  expect(problems).toEqual([]);
  expect(page).toContain("not offered: nobody wants it");
});
