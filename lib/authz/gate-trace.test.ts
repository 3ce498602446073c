import fc from "fast-check";
import { expect, test } from "vitest";
import { beyondTraceOf, replayBeyond } from "@/lib/authz/beyond-trace";
import { type Gate, type GateTrace, replayGate } from "@/lib/authz/gate-trace";
import { missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { readTrace } from "@/lib/authz/stored-trace";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Principal } from "@/lib/shared/principal";

const MEANS = ["session", "app", "personal-token", "service"] as const;
const RANGES = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32", "nonsense"];
const OWN = "https://id.example.com";
const some = <T>(values: readonly T[]) => fc.constantFrom(...values);

const gates: fc.Arbitrary<Gate> = fc.oneof(
  fc.record({ rule: fc.constant("network" as const), networks: fc.subarray(RANGES) }),
  fc.record({ rule: fc.constant("own-request" as const), requesterId: some(["a", "b"]) }),
  fc.record({
    rule: fc.constant("token-kind" as const),
    wants: some(["person", "second-factor", "user", "service"] as const),
    goodBy: fc.subarray([...MEANS]),
  }),
  fc.record({
    rule: fc.constant("scope" as const),
    required: some(["api:read", "api:write"]),
    granted: fc.subarray(["api:read", "api:write", "openid"]),
  }),
  fc.record({ rule: fc.constant("single-sign-on" as const), met: fc.boolean() }),
  fc.record({ rule: fc.constant("password-age" as const), expired: fc.boolean() }),
  fc.record({ rule: fc.constant("terms" as const), accepted: fc.boolean() }),
  fc.record({ rule: fc.constant("account-deletion" as const), pending: fc.boolean() }),
  fc.record({
    rule: fc.constant("origin" as const),
    method: some(["GET", "POST"]),
    origin: some([null, OWN, "https://evil.example"]),
    own: fc.constant(OWN),
    byCookie: fc.boolean(),
  }),
  fc.record({
    rule: fc.constant("client-record" as const),
    byAdministrator: fc.boolean(),
  }),
  fc.record({
    rule: fc.constant("impersonated" as const),
    impersonatorId: some(["a", "b"]),
    open: fc.boolean(),
  }),
  fc.record({
    rule: fc.constant("impersonation" as const),
    administrative: fc.subarray(["manage_users", "manage_roles"]),
  }),
  fc.record({
    rule: fc.constant("sign-up" as const),
    mode: some(["open", "invite", "closed"]),
    invited: fc.boolean(),
  }),
  fc.record({
    rule: fc.constant("route" as const),
    named: fc.boolean(),
    reason: some(["path", "method"]),
    method: some(["GET", "POST"]),
    address: fc.constant("https://app.example/reports"),
  }),
);

const traces: fc.Arbitrary<GateTrace> = fc.record({
  format: fc.constant(1 as const),
  kind: fc.constant("gate" as const),
  gate: gates,
  principal: fc.option(
    fc.record({
      kind: some(["user", "service"] as const),
      id: some(["a", "b"]),
      email: some(["", "a@example.com"]),
    }),
  ),
  context: fc.record({
    at: fc.constant("2026-11-29T12:00:00.000Z"),
    ip: some([null, "192.0.2.9", "203.0.113.9", "2001:db8::1"]),
    means: fc.option(some(MEANS)),
    acr: some(["", "urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"]),
  }),
  target: fc.option(fc.record({ type: fc.constant("organization"), id: fc.constant("a") })),
});

/** What each rule says, once more and in other words. */
function lets({ gate, principal, context: { ip, means, acr } }: GateTrace): boolean {
  switch (gate.rule) {
    case "network":
      return isWithinRanges(ip, gate.networks);
    case "own-request":
      return ![undefined, gate.requesterId].includes(principal?.id);
    case "token-kind":
      if (gate.wants === "second-factor") return /aal[23]$/.test(acr);
      return gate.goodBy.some((good) => good === means);
    case "scope":
      return gate.granted.some((scope) => scope === gate.required);
    case "single-sign-on":
      return gate.met;
    case "password-age":
      return !gate.expired;
    case "terms":
      return gate.accepted;
    case "account-deletion":
      return !gate.pending;
    case "origin":
      if (gate.method === "GET") return true;
      return gate.origin === null ? !gate.byCookie : gate.origin === gate.own;
    case "client-record":
      return !gate.byAdministrator;
    case "impersonated":
      return gate.open;
    case "impersonation":
      return !(0 in gate.administrative);
    case "sign-up":
      return gate.mode === "open" || (gate.mode !== "closed" && gate.invited);
    case "route":
      return gate.named;
  }
}

test("a gate's trace that was stored makes the same decision again over 2,000 random ones (F95)", () => {
  const seen: Record<string, Set<boolean>> = {};
  fc.assert(
    fc.property(traces, (trace) => {
      const read = readTrace(JSON.parse(JSON.stringify(trace)));
      if (read.kind !== "gate") throw new Error(read.kind);
      expect(read.trace).toEqual(trace);
      expect(replayGate(read.trace)).toBe(lets(trace));
      (seen[trace.gate.rule] ??= new Set()).add(lets(trace));
    }),
    { numRuns: 2_000 },
  );
  // A rule that always answers alike would compare nothing.
  for (const [rule, answers] of Object.entries(seen)) expect(answers.size, rule).toBe(2);
  expect(Object.keys(seen)).toHaveLength(14);
});

test("a rule that this version does not know, or half of one, is not read", () => {
  const [trace] = fc.sample(traces, 1);
  for (const gate of [{ rule: "later" }, { rule: "scope" }, null, { ...trace?.gate, more: 1 }]) {
    expect(readTrace({ ...trace, gate })).toEqual({ kind: "unreadable" });
  }
});

const times = some([undefined, null, new Date(0), new Date("2026-12-01"), new Date("2027-01-01")]);
const holdings = fc.array(
  fc.record({
    permissionKey: some(["a", "b", "c"]),
    condition: some<unknown>([null, { kind: "own" }]),
    organizationId: some([null, "here", "elsewhere"]),
    until: times,
  }),
  { maxLength: 8 },
);

test("what reaches beyond somebody's right does so again, also where it is held for a time (ATK-42)", () => {
  const principal = { means: "session", userId: "x", email: "", organizationId: "here" };
  const permission = { key: "a" } as Parameters<typeof beyondTraceOf>[1];
  let timed = 0;
  fc.assert(
    fc.property(holdings, holdings, fc.option(fc.constant("author")), (held, required, author) => {
      const trace = beyondTraceOf(principal as Principal, permission, null, required, held, author);
      const read = readTrace(JSON.parse(JSON.stringify(trace)));
      if (read.kind !== "beyond-own") throw new Error(read.kind);
      const missing = permissionKeysOf(missingFrom(held, required));
      expect(replayBeyond(read.trace)).toEqual(missing);
      expect(read.trace).toMatchObject({ missing, byRightOf: author });
      if (missing.length === 0 && held.some(({ until }) => until)) timed += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(timed).toBeGreaterThan(10);
});
