import fc from "fast-check";
import type { Condition } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import type { Rule } from "@/lib/authz/rule";
import { WEEKDAYS } from "@/lib/shared/weekday";

/** Few of each, so that what is drawn apart meets often. */
export interface Cast {
  userIds: string[];
  roleIds: string[];
  teamIds: string[];
}

const STATUSES = ["draft", "sent", "paid", "void"];
const CURRENCIES = ["EUR", "USD", "JPY"];
const CUSTOMERS = ["Ärzte & Söhne", "acme", "ACME", "a", ""];
const AMOUNTS = [0, 1, 499, 500, 501, 1_000_000];
const MEANS = ["session", "app", "personal-token"] as const;
const ACRS = ["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"] as const;
/** Of a fixed distance to UTC, so that another clock is easily computed. */
export const OFFSETS: Record<string, number> = { UTC: 0, "Etc/GMT-2": 120, "Etc/GMT+5": -300 };
const RANGES = ["192.0.2.0/24", "192.0.2.128/25", "198.51.100.7/32", "2001:db8::/32", "::/0"];
const ADDRESSES = ["192.0.2.1", "192.0.2.200", "198.51.100.7", "2001:db8::1", "203.0.113.9"];

const some = <T>(values: readonly T[]) => fc.constantFrom(...values);
const few = <T>(values: readonly T[]) =>
  fc.uniqueArray(some(values), { minLength: 1, maxLength: 3 });
const clock = fc
  .integer({ min: 0, max: 24 * 4 - 1 })
  .map((n) => `${String(n >> 2).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}`);

const textField = (field: string, values: readonly string[]): fc.Arbitrary<Condition> =>
  fc.oneof(
    fc.record({
      kind: fc.constant("field" as const),
      field: fc.constant(field),
      operator: some(["equals", "not-equals"] as const),
      value: some(values),
    }),
    fc.record({
      kind: fc.constant("field" as const),
      field: fc.constant(field),
      operator: fc.constant("one-of" as const),
      value: few(values),
    }),
  );

const leaf = ({ userIds, roleIds, teamIds }: Cast): fc.Arbitrary<Condition> =>
  fc.oneof(
    fc.constant<Condition>({ kind: "own" }),
    textField("status", STATUSES),
    textField("currency", CURRENCIES),
    textField("customer", CUSTOMERS),
    fc.record({
      kind: fc.constant("field" as const),
      field: fc.constant("amount"),
      operator: some(["equals", "not-equals", "at-most", "at-least"] as const),
      value: some(AMOUNTS),
    }),
    fc.record({ kind: fc.constant("user" as const), ids: few(userIds) }),
    fc.record({ kind: fc.constant("role" as const), ids: few(roleIds) }),
    fc.record({ kind: fc.constant("team" as const), ids: few(teamIds) }),
    fc.record({
      kind: fc.constant("email-domain" as const),
      domains: few(["example.com", "example.org"]),
    }),
    fc.record({ kind: fc.constant("means" as const), oneOf: few(MEANS) }),
    fc.record({
      kind: fc.constant("hours" as const),
      timeZone: some(Object.keys(OFFSETS)),
      days: few(WEEKDAYS),
      from: clock,
      until: clock,
    }),
    fc.record({ kind: fc.constant("network" as const), ranges: few(RANGES) }),
    fc.record({
      kind: fc.constant("assurance" as const),
      acr: some(ACRS),
      maxAgeSeconds: some([1, 600, 86_400]),
    }),
  );

export const conditions = (cast: Cast): fc.Arbitrary<Condition> =>
  fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf(cast),
      fc.record({
        kind: some(["all", "any"] as const),
        conditions: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not" as const), condition: tie("node") }),
    ),
  })).node;

const NOBODY = "01950000-0000-7000-8000-0000000000ff";

/** Rules about one permission, of which about one in three has no condition. */
export const rules = (cast: Cast): fc.Arbitrary<Rule[]> =>
  fc.array(
    fc
      .record({
        allows: fc.nat({ max: 3 }).map((n) => n > 0),
        byPolicy: fc.boolean(),
        condition: fc.option(conditions(cast), { freq: 3 }),
      })
      .map(({ allows, byPolicy, condition }): Rule => {
        const source = byPolicy || !allows ? POLICY : GRANT;
        return { effect: allows ? "allow" : "deny", source, condition, fields: [] };
      }),
    { maxLength: 5 },
  );

const POLICY = { kind: "policy", id: NOBODY, name: "A policy", number: 1 } as const;
const GRANT = {
  kind: "grant",
  roleId: NOBODY,
  roleName: "A role",
  givenRoleId: NOBODY,
  givenRoleName: "A role",
  teamId: null,
  teamName: null,
  expiresAt: null,
} as const;

export const facts = ({ userIds, roleIds, teamIds }: Cast): fc.Arbitrary<Facts> =>
  fc.record({
    principal: fc.record({
      kind: fc.constant("user" as const),
      id: some(userIds),
      organizationId: fc.constant(NOBODY),
      email: some(["ann@example.com", "bob@example.org", "eve@sub.example.com"]),
      roleIds: fc.subarray(roleIds),
      teamIds: fc.subarray(teamIds),
    }),
    context: fc
      .record({
        minute: fc.integer({ min: 0, max: 7 * 24 * 60 }),
        ageSeconds: some([0, 599, 600, 7_200]),
        ip: some(ADDRESSES),
        means: some(MEANS),
        acr: some(ACRS),
      })
      .map(({ minute, ageSeconds, ip, means, acr }) => {
        const at = Date.UTC(2026, 5, 29) + minute * 60_000;
        return {
          at: new Date(at).toISOString(),
          authTime: new Date(at - ageSeconds * 1000).toISOString(),
          ip,
          means,
          acr,
        };
      }),
  });

export type InvoiceAttributes = {
  ownerId: string;
  amount: number;
  currency: string;
  customer: string;
  status: "draft" | "sent" | "paid" | "void";
};

export const invoices = ({ userIds }: Cast): fc.Arbitrary<InvoiceAttributes> =>
  fc.record({
    ownerId: some(userIds),
    amount: some(AMOUNTS),
    currency: some(CURRENCIES),
    customer: some(CUSTOMERS),
    status: some(STATUSES) as fc.Arbitrary<InvoiceAttributes["status"]>,
  });
