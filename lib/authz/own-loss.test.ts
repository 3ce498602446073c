import { expect, test } from "vitest";
import type { Condition } from "@/lib/authz/condition.schema";
import { couldCount } from "@/lib/authz/could-hold";
import type { Facts } from "@/lib/authz/facts";
import { type LoadedRules, type PolicyContent, withPolicy } from "@/lib/authz/load-rules";
import * as ownLoss from "@/lib/authz/own-loss";

const ANN = "01950000-0000-7000-8000-000000000001";
const BOB = "01950000-0000-7000-8000-000000000002";
const CLERK = "01950000-0000-7000-8000-000000000003";
const POLICY = { id: BOB, name: "A policy", number: 1 };
const TYPES = new Map([
  ["view_invoice", "Invoice"],
  ["manage_policies", "Policy"],
]);

const FACTS: Facts = {
  principal: {
    kind: "user",
    id: ANN,
    organizationId: BOB,
    email: "ann@example.com",
    roleIds: [CLERK],
    teamIds: [],
  },
  context: {
    at: "2026-07-01T10:00:00.000Z",
    ip: "192.0.2.7",
    means: "session",
    acr: "urn:gatehouse:aal1",
    authTime: "2026-07-01T09:55:00.000Z",
  },
};

const lostBy = (before: LoadedRules, after: LoadedRules, next = FACTS): string[] =>
  ownLoss.lostBy({ loaded: before, facts: FACTS }, { loaded: after, facts: next });

const held = (condition: unknown = null): LoadedRules => {
  const empty: LoadedRules = {
    held: { roleIds: [CLERK], teamIds: [] },
    roleNames: [],
    rules: new Map(),
    types: new Map(),
    shadows: [],
  };
  const given = { effect: "allow", permissions: [...TYPES.keys()], fields: [], condition } as const;
  return withPolicy(empty, { ...POLICY, id: CLERK }, { ...given, fields: [] }, TYPES);
};

const content = (change: Partial<PolicyContent>): PolicyContent => ({
  effect: "deny",
  permissions: ["view_invoice"],
  fields: [],
  condition: null,
  ...change,
});

const elsewhere: Condition = { kind: "network", ranges: ["198.51.100.0/24"] };
const others: Condition = { kind: "user", ids: [BOB] };
const clerks: Condition = { kind: "role", ids: [CLERK] };

test.each<[Condition, boolean]>([
  [elsewhere, true],
  [{ kind: "not", condition: elsewhere }, true],
  [others, false],
  [{ kind: "not", condition: others }, true],
  [clerks, true],
  [{ kind: "not", condition: clerks }, false],
  [{ kind: "all", conditions: [clerks, elsewhere] }, true],
  [{ kind: "all", conditions: [others, elsewhere] }, false],
  [{ kind: "any", conditions: [others, elsewhere] }, true],
  [{ kind: "not", condition: { kind: "any", conditions: [clerks, elsewhere] } }, false],
  [{ kind: "not", condition: { kind: "all", conditions: [clerks, elsewhere] } }, true],
  [{ kind: "own" }, true],
])("whether a deny on %j could ever concern somebody is known: %s", (condition, could) => {
  expect(couldCount({ effect: "deny", condition }, FACTS)).toBe(could);
  const after = withPolicy(held(), POLICY, content({ condition }), TYPES);
  expect(lostBy(held(), after)).toEqual(could ? ["view_invoice"] : []);
});

test("a deny that cannot be read concerns everybody, an allow nobody (FLT-26)", () => {
  expect(couldCount({ effect: "deny", condition: { kind: "moon" } }, FACTS)).toBe(true);
  expect(couldCount({ effect: "allow", condition: { kind: "moon" } }, FACTS)).toBe(false);
});

test("fields that get hidden are a loss, and what was so before is none", () => {
  const hidden = withPolicy(held(), POLICY, content({ fields: ["amount"] }), TYPES);
  expect(lostBy(held(), hidden)).toEqual(["view_invoice"]);
  expect(lostBy(hidden, withPolicy(hidden, POLICY, null, TYPES))).toEqual([]);
  expect(lostBy(hidden, hidden)).toEqual([]);
});

test("an allow that goes is a loss where nothing gives as much, and nobody loses what they never had", () => {
  const narrow = held({ kind: "own" });
  const wide = withPolicy(narrow, POLICY, content({ effect: "allow" }), TYPES);
  expect(lostBy(wide, narrow)).toEqual(["view_invoice"]);
  expect(lostBy(narrow, wide)).toEqual([]);
  const both = withPolicy(
    held(),
    POLICY,
    content({ effect: "allow", condition: elsewhere }),
    TYPES,
  );
  expect(lostBy(both, held())).toEqual([]);
  const never = held(others);
  expect(lostBy(never, withPolicy(never, POLICY, content({}), TYPES))).toEqual([]);
});

test("what undoes policies is never denied, whatever a row says", () => {
  const permissions = ["manage_policies", "view_invoice"];
  const after = withPolicy(held(), POLICY, content({ permissions }), TYPES);
  expect(lostBy(held(), after)).toEqual(["view_invoice"]);
  expect(after.rules.get("manage_policies")).toHaveLength(1);
});

test("who comes to be whom a denial asks for, or is no longer whom an allow asks for, has less", () => {
  const plain = { ...FACTS, principal: { ...FACTS.principal, roleIds: [] } };
  const notClerks = { kind: "not", condition: clerks } as const;
  const denied = withPolicy(held(), POLICY, content({ condition: notClerks }), TYPES);
  expect(lostBy(denied, denied, plain)).toEqual(["view_invoice"]);
  expect(lostBy(denied, denied)).toEqual([]);
  const allowed = held(clerks);
  expect(lostBy(allowed, allowed, plain)).toEqual(["manage_policies", "view_invoice"]);
});
