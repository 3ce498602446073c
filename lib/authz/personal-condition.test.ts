import { expect, test } from "vitest";
import { asksWho, isFullyMet } from "@/lib/authz/personal-condition";

const [MINE, OTHER, HERE] = [
  "01890a5d-ac96-774b-bcce-b302099a8057",
  "01890a5d-ac96-774b-bcce-b302099a8058",
  "01890a5d-ac96-774b-bcce-b302099a8059",
];
// The role HERE counts in some places where the grant does, and not in all.
const facts = {
  kind: "user" as const,
  id: MINE,
  email: "ada@example.com",
  sure: new Set([MINE]),
  possible: new Set([MINE, HERE]),
};
const team = (id: string) => ({ kind: "team", ids: [id] });
const not = (condition: object) => ({ kind: "not", condition });
const any = (...conditions: object[]) => ({ kind: "any", conditions });
const all = (...conditions: object[]) => ({ kind: "all", conditions });
const OWN = { kind: "own" };

test.each<[string, object, boolean]>([
  ["a team of theirs", team(MINE), true],
  ["a team of others", team(OTHER), false],
  ["a role that counts in some places only", { kind: "role", ids: [HERE] }, false],
  ["nobody with a role that counts in some places", not({ kind: "role", ids: [HERE] }), false],
  ["nobody of a team of theirs", not(team(MINE)), false],
  ["nobody of a team of others", not(team(OTHER)), true],
  ["nobody but a team of theirs", not(not(team(MINE))), true],
  ["them by name", { kind: "user", ids: [MINE] }, true],
  ["others by name", { kind: "user", ids: [OTHER] }, false],
  ["their domain", { kind: "email-domain", domains: ["example.com"] }, true],
  ["another domain", { kind: "email-domain", domains: ["example.org"] }, false],
  ["a team of others or own records: others get all", any(team(OTHER), OWN), false],
  ["a team of theirs or own records", any(team(MINE), OWN), true],
  ["a team of theirs and own records", all(team(MINE), OWN), true],
  ["a team of others and own records", all(team(OTHER), OWN), false],
  ["own records", OWN, true],
  ["what cannot be read", { kind: "x" }, false],
])("who asks gets all that anybody gets of %s: %j is %s", (_name, condition, met) => {
  expect(isFullyMet(condition, facts)).toBe(met);
});

const BY_SERVICE = { kind: "means", oneOf: ["service"] };
const BY_SESSION = { kind: "means", oneOf: ["session"] };
const PROVEN = { kind: "assurance", acr: "urn:gatehouse:aal2" };
const service = { ...facts, kind: "service" as const, email: "" };

test.each<[string, object, typeof facts | typeof service, "user" | "service", boolean]>([
  ["what only service accounts may, a person", BY_SERVICE, facts, "service", false],
  ["the same, among people", BY_SERVICE, facts, "user", true],
  ["what a person may by a session", BY_SESSION, facts, "service", true],
  ["what none may by a session, a person", not(BY_SESSION), facts, "service", false],
  ["what takes a proof, a person", PROVEN, facts, "service", true],
  ["what takes a proof, a service account", PROVEN, service, "user", false],
  ["what takes no proof, a service account", not(PROVEN), service, "user", false],
  [
    "any address but some, who has none",
    not({ kind: "email-domain", domains: ["x.example"] }),
    service,
    "service",
    false,
  ],
])(
  "%s gets as much of %j as anybody of that kind: %j, %s, %s",
  (_name, condition, who, among, met) => {
    expect(isFullyMet(condition, who, among)).toBe(met);
  },
);

test("a condition about the record or the request asks nothing about who asks", () => {
  const means = { kind: "means", oneOf: ["session"] };
  expect([OWN, means, not(OWN), { kind: "x" }, null].some(asksWho)).toBe(false);
  expect([team(MINE), any(OWN, not(team(MINE)))].every(asksWho)).toBe(true);
});
