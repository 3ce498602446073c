import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "@/lib/authz/evaluate";
import { replay, traceOf } from "@/lib/authz/trace";
import { facts, invoices, rules } from "@/tests/support/arbitrary-rules";
import { cedarAllows } from "@/tests/support/cedar";

const ids = (from: number) => [0, 1, 2].map((n) => `01950000-0000-7000-8000-0000000000${from + n}`);
const CAST = { userIds: ids(10), roleIds: ids(20), teamIds: ids(30) };

const questions = fc
  .record({ facts: facts(CAST), rules: rules(CAST), resource: invoices(CAST) })
  .map((drawn) => ({ permissionKey: "update_invoice", resourceType: "Invoice", ...drawn }));

test("a policy engine that others wrote decides alike over 2,000 random questions (F91, F92)", () => {
  const seen = { allowed: 0, denied: 0 };
  fc.assert(
    fc.property(questions, (question) => {
      const { allowed } = evaluate(question);
      seen[allowed ? "allowed" : "denied"] += 1;
      expect(allowed).toBe(cedarAllows(question));
    }),
    { numRuns: 2_000 },
  );
  // Questions that all have one answer would compare nothing.
  expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(300);
});

test("a trace that was stored makes the same decision again over 1,000 random questions (F95)", () => {
  fc.assert(
    fc.property(questions, (question) => {
      const stored = JSON.parse(JSON.stringify(traceOf(question)));
      expect(replay(stored)).toEqual(evaluate(question));
      expect(stored.verdict).toEqual(evaluate(question));
    }),
    { numRuns: 1_000 },
  );
});

test("a rule counts in its trace exactly when its conditions are told as met", () => {
  fc.assert(
    fc.property(questions, (question) => {
      for (const { finding, explained } of traceOf(question).rules) {
        expect(explained?.finding ?? "met").toBe(finding === "counts" ? "met" : "not-met");
      }
    }),
    { numRuns: 1_000 },
  );
});

test("what is allowed for some record is allowed without one being named", () => {
  fc.assert(
    fc.property(questions, (question) => {
      fc.pre(evaluate(question).allowed);
      expect(evaluate({ ...question, resource: null }).allowed).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
