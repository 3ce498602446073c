import { expect, test } from "vitest";
import { assignReviewers } from "@/lib/access-reviews/assign-reviewers";

const REVIEWERS = ["a", "b", "c"].map((id) => ({ id, name: `${id}@example.com` }));
const NOBODY = new Map<string, Set<string>>();

const roleOf = (userId: string) =>
  ({ kind: "user-role", userId, teamId: null, clientId: null, subject: userId }) as const;
const roleOfTeam = (teamId: string) =>
  ({ kind: "team-role", userId: null, teamId, clientId: null, subject: teamId }) as const;

const reviewersOf = (...given: Parameters<typeof assignReviewers>) => {
  const result = assignReviewers(...given);
  return result.outcome === "assigned" ? result.items.map((item) => item.reviewerId) : result;
};

test("holders take turns, and all grants of one go to the same reviewer", () => {
  const grants = ["u", "u", "v", "w", "x"].map(roleOf);
  expect(reviewersOf(grants, REVIEWERS, NOBODY)).toEqual(["a", "a", "b", "c", "a"]);
  expect(reviewersOf(grants, REVIEWERS.toReversed(), NOBODY)).toEqual(["a", "a", "b", "c", "a"]);
});

test("a reviewer is passed over where it is about themselves", () => {
  expect(reviewersOf(["a", "b", "c"].map(roleOf), REVIEWERS, NOBODY)).toEqual(["b", "c", "a"]);
  const within = new Map([["t", new Set(["a", "b"])]]);
  expect(reviewersOf([roleOfTeam("t")], REVIEWERS, within)).toEqual(["c"]);
});

test("where only those concerned are left, nobody is asked at all", () => {
  const [a] = REVIEWERS;
  const only = a === undefined ? [] : [a];
  expect(reviewersOf(["u", "a"].map(roleOf), only, NOBODY)).toEqual({
    outcome: "rejected",
    reason: "own-grants",
    subjects: ["a"],
  });
  expect(reviewersOf([roleOf("u")], [], NOBODY)).toMatchObject({ reason: "own-grants" });
});
