import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalDomain } from "@/lib/domains/domain.schema";
import { findFailure, recordOf } from "@/lib/domains/domain-record";
import { judgeDomain } from "@/lib/domains/judge-domain";
import type { TxtAnswer } from "@/lib/domains/txt-resolver";

test.each([
  ["example.com", "example.com"],
  ["  Example.COM ", "example.com"],
  ["a.b-c.example", "a.b-c.example"],
  ["xn--mnchen-3ya.de", "xn--mnchen-3ya.de"],
  ["münchen.de", null],
  ["example", null],
  ["example.com.", null],
  [".example.com", null],
  ["-a.example", null],
  ["a_b.example", null],
  ["example.com/x", null],
  ["user@example.com", null],
  ["192.0.2.1", null],
  ["[::1]", null],
  ["\u212a.example", null],
  [`${"a".repeat(64)}.example`, null],
  [`${"a.".repeat(126)}example`, null],
  ["", null],
])("of %j the canonical form is %j", (text, canonical) => {
  expect(canonicalDomain(text)).toBe(canonical);
});

test("a canonical form is its own, in lower-case ASCII", () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.string()), (text) => {
      const canonical = canonicalDomain(text);
      if (canonical === null) return;
      expect(canonicalDomain(canonical)).toBe(canonical);
      expect(canonical).toMatch(/^[a-z0-9.-]+$/);
    }),
  );
});

test.each([
  ["com", "public-suffix"],
  ["co.uk", "public-suffix"],
  ["github.io", "public-suffix"],
  ["gmail.com", "free-mail"],
  ["example.co.uk", null],
  ["mail.example.com", null],
  ["somebody.github.io", null],
  ["corp.internal", null],
])("%s is refused as %s", (domain, refusal) => {
  expect(judgeDomain(domain)).toBe(refusal);
});

const PROOF = { domain: "example.com", token: "abc" };
const VALUE = recordOf(PROOF).value;

test.each<[string, TxtAnswer, string | null]>([
  ["the record alone", { outcome: "found", records: [VALUE] }, null],
  ["the record among others", { outcome: "found", records: ["v=spf1 -all", VALUE] }, null],
  ["with a blank at its end", { outcome: "found", records: [`${VALUE} `] }, null],
  ["another token", { outcome: "found", records: [`${VALUE}x`] }, "other-record"],
  ["the record within another", { outcome: "found", records: [`x ${VALUE}`] }, "other-record"],
  ["no records", { outcome: "found", records: [] }, "no-record"],
  ["no such name", { outcome: "none" }, "no-record"],
  ["no answer", { outcome: "unreachable" }, "unreachable"],
])("%s: %j is %s", async (_what, answer, failure) => {
  const asked: string[] = [];
  const txt = async (name: string) => {
    asked.push(name);
    return answer;
  };
  expect(await findFailure(PROOF, { txt })).toBe(failure);
  expect(asked).toEqual(["_gatehouse.example.com"]);
});
