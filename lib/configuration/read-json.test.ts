import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson, UnreadableJson } from "@/lib/configuration/read-json";

const problemIn = (text: string): UnreadableJson => {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof UnreadableJson) return error;
    throw error;
  }
  throw new Error("it was read");
};

describe("JSON with the lines of its values", () => {
  test("is read as JSON.parse reads it, however it is written", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent);
        expect(JSON.stringify(readJson(written).value)).toEqual(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test("is refused wherever JSON.parse refuses a text, and nothing else but what is there twice", () => {
    const parses = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom(...Array.from(',:{}[]"01.-eE+ tn\\')),
        (text, at, mark) => {
          const spoiled =
            text.slice(0, at % text.length) + mark + text.slice((at % text.length) + 1);
          let read = true;
          let twice = false;
          try {
            readJson(spoiled);
          } catch (error) {
            if (!(error instanceof UnreadableJson)) throw error;
            read = false;
            twice = error.message.endsWith("is here twice.");
          }
          expect(read || twice).toBe(parses(spoiled));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("says on which line a value is, or what it would be in", () => {
    const { lineOf } = readJson(
      '{\n  "roles": [\n    { "name": "A" },\n    {\n      "name": "B" }\n  ]\n}',
    );
    expect(lineOf([])).toBe(1);
    expect(lineOf(["roles", 0, "name"])).toBe(3);
    expect(lineOf(["roles", 1])).toBe(4);
    expect(lineOf(["roles", 1, "name"])).toBe(5);
    expect(lineOf(["roles", 1, "inherits", 0])).toBe(4);
    expect(lineOf(["teams"])).toBe(1);
  });

  test.each([
    ['{"a": 1,\n "a": 2}', 2, 'The key "a" is here twice.'],
    ['{"a": 1\n "b": 2}', 2, "Here should be a comma or “}”."],
    ["[1,\n\n]", 3, "Here should be a value."],
    ["{}\n{}", 2, "Here should be the end."],
    ["", 1, "Here should be a value."],
    ['{"a"\n: "\\x"}', 2, '“"\\x"” is no JSON.'],
    ["[".repeat(100), 1, "This is nested too deeply."],
  ])("%j is refused on line %i: %s", (text, line, message) => {
    expect(problemIn(text)).toMatchObject({ line, message });
  });
});
