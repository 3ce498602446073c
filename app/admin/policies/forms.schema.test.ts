import { expect, test } from "vitest";
import { BenchForm } from "@/app/admin/policies/bench.schema";
import { NewPolicyForm, SaveVersionForm } from "@/app/admin/policies/forms.schema";

const FIELDS = { name: "Night", description: "", effect: "deny", "permission.3": "view_invoice" };

/** The first field that an answer names, as the form shows it. */
const namedBy = (result: { success: boolean; error?: { issues: { path: PropertyKey[] }[] } }) =>
  result.error?.issues[0]?.path[0];

test("what is ticked is what a version says, and hidden fields are of a deny alone", () => {
  const ticked = { ...FIELDS, "hide.0": "amount", "permission.7": "delete_invoice", condition: "" };
  expect(NewPolicyForm.parse(ticked)).toMatchObject({
    place: "organization",
    content: {
      effect: "deny",
      permissions: ["delete_invoice", "view_invoice"],
      fields: ["amount"],
      condition: null,
    },
  });
  expect(NewPolicyForm.parse({ ...ticked, effect: "allow" }).content.fields).toEqual([]);
});

test.each([
  ["condition", { ...FIELDS, condition: "{" }],
  ["condition", { ...FIELDS, condition: '"incomplete"' }],
  ["condition", { ...FIELDS, condition: '{"kind":"moon"}' }],
  ["condition", { ...FIELDS, condition: '{"kind":"all","conditions":[]}' }],
  ["permissions", { ...FIELDS, "permission.3": undefined }],
  ["permissions", { ...FIELDS, "permission.3": "No key" }],
  ["effect", { ...FIELDS, effect: "maybe" }],
  ["name", { ...FIELDS, name: "" }],
])("what does not fit is told at %s, and no condition is ever left out", (field, fields) => {
  expect(namedBy(NewPolicyForm.safeParse(fields))).toBe(field);
});

test("a change names what it was based on", () => {
  const id = "01950000-0000-7000-8000-000000000001";
  expect(
    SaveVersionForm.parse({ ...FIELDS, id, version: "4", condition: '{"kind":"own"}' }),
  ).toMatchObject({
    id,
    version: 4,
    confirm: false,
    content: { condition: { kind: "own" } },
  });
  expect(namedBy(SaveVersionForm.safeParse({ ...FIELDS, id, version: "0" }))).toBe("version");
});

test("the bench reads a request, a described record and what is being edited", () => {
  const bench = BenchForm.parse({
    email: "ann@example.com",
    asked: "view_invoice",
    record: "described",
    "field.amount": "500",
    "field.status": "",
    at: "2026-07-01T10:00",
    address: "192.0.2.7",
    proofMinutes: "5",
    tried: "edited",
    "draft.effect": "deny",
    "draft.permission.2": "view_invoice",
    "draft.condition": '{"kind":"own"}',
  });
  expect(bench).toMatchObject({
    attributes: { amount: "500" },
    at: new Date("2026-07-01T10:00:00Z"),
    address: "192.0.2.7",
    proofMinutes: 5,
    tried: "edited",
    edited: { effect: "deny", permissions: ["view_invoice"], condition: { kind: "own" } },
  });
  expect(
    BenchForm.parse({ email: "a@example.com", asked: "x", tried: "", at: "", address: "" }),
  ).toMatchObject({
    tried: undefined,
    at: undefined,
    address: undefined,
    record: "any",
  });
  const odd = { email: "a@example.com", asked: "x", address: "here" };
  expect(namedBy(BenchForm.safeParse(odd))).toBe("address");
});
