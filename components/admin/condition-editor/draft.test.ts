import { describe, expect, test } from "vitest";
import { commonType, type RecordType } from "@/components/admin/condition-editor/catalogue";
import {
  draftOf,
  newGroup,
  newLeaf,
  readDraft,
  readLeaf,
} from "@/components/admin/condition-editor/draft";
import { conditionInWords } from "@/components/admin/condition-words";
import { Condition } from "@/lib/authz/condition.schema";
import { LOCALES } from "@/lib/shared/locale";
import { translatorFor } from "@/tests/support/client-words";

const ROLE = "01950000-0000-7000-8000-000000000003";

const INVOICE: RecordType = {
  name: "Invoice",
  ownable: true,
  fields: { amount: "number", customer: "text", status: ["draft", "sent"] },
  hideable: ["amount"],
};

const OF_EVERY_KIND: Condition[] = [
  { kind: "own" },
  { kind: "field", field: "amount", operator: "at-most", value: 500 },
  { kind: "field", field: "customer", operator: "one-of", value: ["Ada, Co", "Bob"] },
  { kind: "field", field: "status", operator: "one-of", value: ["draft"] },
  { kind: "field", field: "status", operator: "not-equals", value: "sent" },
  { kind: "user", ids: [ROLE] },
  { kind: "role", ids: [ROLE] },
  { kind: "team", ids: [ROLE] },
  { kind: "email-domain", domains: ["example.com", "example.org"] },
  { kind: "means", oneOf: ["app", "service"] },
  { kind: "hours", timeZone: "Europe/Berlin", days: ["Mon", "Fri"], from: "22:00", until: "06:00" },
  { kind: "network", ranges: ["192.0.2.0/24", "2001:db8::/32"] },
  { kind: "assurance", acr: "urn:gatehouse:aal2", maxAgeSeconds: 90 },
];

const JOINED: Condition[] = [
  { kind: "all", conditions: [{ kind: "own" }, { kind: "role", ids: [ROLE] }] },
  { kind: "not", condition: { kind: "own" } },
  {
    kind: "not",
    condition: { kind: "any", conditions: [{ kind: "own" }, { kind: "role", ids: [ROLE] }] },
  },
  {
    kind: "any",
    conditions: [
      { kind: "own" },
      {
        kind: "all",
        conditions: [
          { kind: "role", ids: [ROLE] },
          { kind: "not", condition: { kind: "own" } },
        ],
      },
    ],
  },
];

describe("a stored condition", () => {
  test.each([...OF_EVERY_KIND, ...JOINED])(
    "comes back from the editor as it was: %j",
    (condition) => {
      const read = readDraft(draftOf(condition), INVOICE);
      expect(read).toEqual(condition);
      expect(Condition.parse(read)).toEqual(condition);
    },
  );

  test.each([...OF_EVERY_KIND, ...JOINED])(
    "has words, and a name in place of an id: %j",
    async (condition) => {
      for (const locale of LOCALES) {
        const t = await translatorFor(locale, "conditions");
        const words = conditionInWords(t, condition, { [ROLE]: "Clerk" });
        if (locale === "en") expect(words).toMatch(/^if /);
        expect(words).not.toContain(ROLE);
      }
    },
  );
});

test("no part is no condition, and a part that lacks something is never left out", () => {
  expect(readDraft(newGroup(), INVOICE)).toBeNull();
  expect(readDraft(newGroup("all", [newLeaf("own"), newLeaf("role")]), INVOICE)).toBe("incomplete");
  expect(readDraft(newGroup("all", [newLeaf("own"), newGroup("any")]), INVOICE)).toBe("incomplete");
});

test.each([
  { kind: "field", field: "amount", text: "12.5" },
  { kind: "field", field: "amount", text: "" },
  { kind: "field", field: "secret", text: "1" },
  { kind: "field", field: "status", choices: [] },
  { kind: "field", field: "customer", operator: "at-most", text: "x" },
  { kind: "user" },
  { kind: "email-domain", text: "a@b" },
  { kind: "means" },
  { kind: "hours", days: [] },
  { kind: "hours", from: "9:00" },
  { kind: "network", text: "192.0.2.1" },
  { kind: "assurance" },
  { kind: "assurance", minutes: "0" },
] as const)("what does not fit has a word about it: %j", async (typed) => {
  const draft = { ...newLeaf(typed.kind), ...typed } as ReturnType<typeof newLeaf>;
  const reading = readLeaf(draft, INVOICE);
  const t = await translatorFor("en", "conditions.editor.problems");
  expect("problem" in reading && t(reading.problem, { odd: reading.odd ?? "" })).toMatch(/\.$/);
});

test.each([
  { kind: "field", field: "amount", operator: "about", value: 1 },
  { kind: "means", oneOf: ["pigeon"] },
  { kind: "hours", timeZone: "UTC", days: ["Monday"], from: "09:00", until: "17:00" },
  { kind: "assurance", acr: "urn:gatehouse:aal9" },
])("what was typed as JSON and is not offered stays with who typed it: %j", (typed) => {
  expect(() => draftOf(typed as Condition)).toThrow(TypeError);
});

test("what a condition may ask of several types is what all of them have", () => {
  const user: RecordType = {
    name: "User",
    ownable: false,
    fields: { status: ["active"], amount: "number" },
    hideable: [],
  };
  const catalogue = {
    recordTypes: [INVOICE, user],
    roles: [],
    teams: [],
    users: [],
    timeZones: [],
  };
  expect(commonType(catalogue, ["Invoice"])).toMatchObject({ ownable: true, hideable: ["amount"] });
  expect(commonType(catalogue, ["Invoice", "User"])).toMatchObject({
    ownable: false,
    fields: { amount: "number" },
    hideable: [],
  });
  expect(commonType(catalogue, ["Invoice", "Nothing"])).toMatchObject({
    ownable: false,
    fields: {},
  });
  expect(commonType(catalogue, [])).toMatchObject({ ownable: false, fields: {} });
});
