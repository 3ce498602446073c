import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";

const Place = z.tuple([z.string(), z.int()]);

test("a cursor gives back exactly what it was made of, in any script", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 50 }), fc.integer(), (text, number) => {
      const cursor = encodeCursor([text, number]);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(cursor, Place)).toEqual([text, number]);
    }),
  );
});

test.each([
  ["empty text", ""],
  ["text outside the alphabet", "a b"],
  ["a length that base64 cannot have", "aaaaa"],
  ["bytes that are no UTF-8", "_w"],
  ["text that is no JSON", btoa("{").replaceAll("=", "")],
  ["values of another shape", encodeCursor([1, "x"])],
  ["one value too many", encodeCursor(["x", 1, 2])],
  ["an object", encodeCursor({ __proto__: null, 0: "x" })],
  ["more text than any cursor has", "a".repeat(2_001)],
])("%s is no cursor", (_name, text) => {
  expect(decodeCursor(text, Place)).toBeNull();
});

test("arbitrary text never throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      decodeCursor(text, Place);
    }),
  );
});
