import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { PolicyContentFields } from "@/components/admin/policies/permission-fields";
import { FormContext } from "@/components/form/form-context";
import { LanguageProvider } from "@/components/locale/language-provider";
import type { FormState } from "@/lib/shared/form-state";
import { clientWords } from "@/tests/support/client-words";

const CATALOGUE = {
  recordTypes: [
    { name: "Invoice", ownable: true, fields: { amount: "number" as const }, hideable: ["amount"] },
  ],
  roles: [],
  teams: [],
  users: [],
  timeZones: ["UTC"],
};
const PERMISSIONS = [
  { key: "view_invoice", description: "See invoices.", resourceType: "Invoice", undeniable: false },
  { key: "view_policies", description: "See policies.", resourceType: "Policy", undeniable: true },
];
const DRAFT = { effect: "deny", permissions: ["view_invoice"], fields: ["amount"] } as const;

const WORDS = clientWords(["admin-policy-editor", "conditions"]);

/** As a browser without script gets it. */
const page = (state: FormState = { status: "idle" }): string =>
  renderToStaticMarkup(
    <LanguageProvider language={{ locale: "en", timeZone: "UTC" }} words={WORDS}>
      <FormContext value={{ state, pending: false }}>
        <PolicyContentFields
          draft={{ ...DRAFT, condition: { kind: "own" } }}
          permissions={PERMISSIONS}
          catalogue={CATALOGUE}
        />
      </FormContext>
    </LanguageProvider>,
  );

test("without script a version has fields for all that it says, the condition as JSON", () => {
  const html = page();
  expect(html).toContain("{&quot;kind&quot;:&quot;own&quot;}</textarea>");
  expect(html).toMatch(/<textarea[^>]*name="condition"/);
  expect(html).not.toMatch(/<textarea[^>]* hidden/);
  expect(html).toMatch(/<input[^>]*checked=""[^>]*value="view_invoice"/);
  expect(html).toMatch(/<input[^>]*checked=""[^>]*value="amount"/);
  expect(html).toContain("never denied");
});

test("a form that came back has what was ticked and typed, with its errors beside it", () => {
  const html = page({
    status: "error",
    fieldErrors: { condition: ["This is no JSON."], permissions: ["Choose another."] },
    values: { effect: "allow", "permission.1": "view_policies", condition: "{" },
  });
  expect(html).toMatch(/<input[^>]*checked=""[^>]*value="view_policies"/);
  expect(html).not.toMatch(/<input[^>]*checked=""[^>]*value="view_invoice"/);
  expect(html).toContain(">{</textarea>");
  expect(html).toContain("This is no JSON.");
  expect(html).toContain("Choose another.");
});
