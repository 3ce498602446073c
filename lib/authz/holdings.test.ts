import fc from "fast-check";
import { expect, test } from "vitest";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";

const holding: fc.Arbitrary<Holding> = fc.record({
  permissionKey: fc.constantFrom("a", "b", "c"),
  condition: fc.constantFrom<unknown>(null, { kind: "own" }),
  organizationId: fc.constantFrom(null, "here", "elsewhere"),
});
const holdings = fc.array(holding, { maxLength: 8 });

const aHolding = (overrides: Partial<Holding> = {}): Holding => ({
  permissionKey: "a",
  condition: null,
  organizationId: null,
  ...overrides,
});

test("whoever holds something lacks nothing of it", () => {
  fc.assert(
    fc.property(holdings, (held) => {
      expect(missingFrom(held, held)).toEqual([]);
    }),
  );
});

test("whoever holds nothing lacks all of it", () => {
  fc.assert(
    fc.property(holdings, (required) => {
      expect(missingFrom([], required)).toEqual(required);
    }),
  );
});

test("holding more never makes more missing", () => {
  fc.assert(
    fc.property(holdings, holdings, holdings, (held, more, required) => {
      const before = missingFrom(held, required);
      expect(before).toEqual(expect.arrayContaining(missingFrom([...held, ...more], required)));
    }),
  );
});

test("what is passed on twice reaches no further than what was held at first", () => {
  fc.assert(
    fc.property(holdings, holdings, holdings, (first, second, third) => {
      fc.pre(missingFrom(first, second).length === 0 && missingFrom(second, third).length === 0);
      expect(missingFrom(first, third)).toEqual([]);
    }),
  );
});

const OWN = { kind: "own" };

test.each<[string, Partial<Holding>, Partial<Holding>, boolean]>([
  ["everything", {}, {}, true],
  ["one's own of everything", {}, { condition: OWN }, true],
  ["everything of one's own", { condition: OWN }, {}, false],
  ["one's own of one's own", { condition: OWN }, { condition: OWN }, true],
  ["one organization of the instance", {}, { organizationId: "here" }, true],
  ["the instance of one organization", { organizationId: "here" }, {}, false],
  ["another organization", { organizationId: "here" }, { organizationId: "elsewhere" }, false],
  [
    "a condition that cannot be read, even of itself",
    { condition: { kind: "x" } },
    { condition: { kind: "x" } },
    false,
  ],
  ["a condition that cannot be read of everything", {}, { condition: { kind: "x" } }, true],
])("passing on %s: %j reaches %j is %s", (_name, held, required, reached) => {
  expect(missingFrom([aHolding(held)], [aHolding(required)]).length === 0).toBe(reached);
});

test("permissions are named once, in order", () => {
  const held = [aHolding({ permissionKey: "b" }), aHolding(), aHolding({ condition: OWN })];
  expect(permissionKeysOf(held)).toEqual(["a", "b"]);
});

test("what asks for who somebody is, is passed on only by who meets all of it (ATK-42)", () => {
  const condition = { kind: "team", ids: ["01890a5d-ac96-774b-bcce-b302099a8057"] };
  const required = [aHolding({ condition })];
  expect(missingFrom([aHolding({ condition })], required)).toEqual([]);
  expect(missingFrom([aHolding({ condition, unmet: true })], required)).toEqual(required);
  expect(missingFrom([aHolding()], required)).toEqual([]);
});
