import { beforeAll, describe, expect, test } from "vitest";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { closeReview } from "@/lib/access-reviews/close-review";
import { startReview } from "@/lib/access-reviews/start-review";
import { replayBeyond } from "@/lib/authz/beyond-trace";
import { findDecision } from "@/lib/authz/find-decision";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import {
  ANSWERS,
  aReviewOf,
  aStartedReview,
  itemAbout,
  itemsOf,
} from "@/tests/support/access-reviews";
import { aCaller, aUser } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { aCallerHolding, aRole, aUserHolding, give, roleIdsOf } from "@/tests/support/roles";
import { aTeam } from "@/tests/support/teams";

// A review takes away by the right of whoever started it, and by no more than they have (ATK-42).

const REVOKE = { decision: "revoke", note: "" } as const;
const MANAGES = { manage_reviews: "all", view_invoice: "all" } as const;
const NOTHING = { outcome: "rejected", reason: "nothing-to-review" };
const NEVER = { kind: "email-domain", domains: ["nobody.example"] };
const NOT_NEVER = { kind: "not", condition: NEVER };

let admin: Caller;
let reviewer: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  reviewer = await aCallerHolding(ANSWERS);
});

const conditionOn = (userId: string, key: string, condition: object) =>
  prisma().rolePermission.updateMany({
    where: { permission: { key }, role: { users: { some: { userId } } } },
    data: { condition },
  });

const OFFICE = { kind: "network", ranges: ["192.0.2.0/24"] };

test.each([
  ["that they do not meet", NEVER, false],
  ["that they meet", NOT_NEVER, true],
  ["about requests, of which there is none", OFFICE, true],
])(
  "whose right to manage reviews has come to have a condition %s",
  async (_what, condition, stands) => {
    const author = await aCallerHolding(MANAGES);
    const clerk = await aUserHolding({ view_invoice: "all" });
    const id = await aStartedReview(author, aReviewOf([clerk.id], [reviewer]));
    await conditionOn(author.principal.userId, "manage_reviews", condition);
    const answer = await answerItem(reviewer, id, await itemAbout(id, clerk.id), REVOKE);
    if (stands) {
      expect(answer).toMatchObject({ outcome: "revoked" });
      return;
    }
    expect(answer).toMatchObject({
      outcome: "rejected",
      reason: "beyond-author",
      missing: ["manage_reviews"],
    });
    await expectExplained(answer, author);
    expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  },
);

test("whose right reaches no further is told of with what is missing, and it is missing again (F95)", async () => {
  const author = await aCallerHolding(MANAGES);
  const clerk = await aUserHolding({ view_invoice: "all" });
  const id = await aStartedReview(author, aReviewOf([clerk.id], [reviewer]));
  await give(clerk.id, await aRole({ delete_invoice: "all", view_users: "all" }));
  const answer = await answerItem(reviewer, id, await itemAbout(id, clerk.id), REVOKE);
  expect(answer).toMatchObject({ missing: ["delete_invoice", "view_users"] });
  await expectExplained(answer, author);
});

test("who has gone has no right that anything is done by, and that is told (F95)", async () => {
  const author = await aCallerHolding(MANAGES);
  const clerk = await aUserHolding({ view_invoice: "all" });
  const id = await aStartedReview(author, aReviewOf([clerk.id], [reviewer]));
  const { userId } = author.principal;
  await prisma().user.update({ where: { id: userId }, data: { status: "disabled" } });
  const answer = await answerItem(reviewer, id, await itemAbout(id, clerk.id), REVOKE);
  expect(answer).toMatchObject({ missing: ["manage_reviews"] });
  await expectExplained(answer, author);
});

/** The refusal has a trace of whose right it was, which makes it again. */
async function expectExplained(answer: object, { principal: { userId } }: Caller): Promise<void> {
  const { decisionId, missing } = answer as { decisionId: string; missing: string[] };
  const decision = await findDecision(admin, decisionId);
  if (decision?.kind !== "beyond-own") throw new Error("there is no trace");
  expect(decision.trace).toMatchObject({
    byRightOf: userId,
    permissionKey: "manage_reviews",
    missing,
  });
  expect(replayBeyond(decision.trace)).toEqual(missing);
}

test("whose right to answer is surely denied, or has a condition that they do not meet, is not asked", async () => {
  const one = await aCallerHolding(ANSWERS);
  await conditionOn(one.principal.userId, "answer_reviews", NEVER);
  const clerk = await aUserHolding({ view_invoice: "all" });
  expect(await startReview(admin, aReviewOf([clerk.id], [one]))).toMatchObject({
    reason: "not-a-reviewer",
    ids: [one.principal.userId],
  });
  const other = await aCallerHolding(ANSWERS);
  const condition = { kind: "user", ids: [other.principal.userId] };
  const policyId = await aPolicy(["answer_reviews"], { condition });
  expect(await startReview(admin, aReviewOf([clerk.id], [other]))).toMatchObject({
    reason: "not-a-reviewer",
    ids: [other.principal.userId],
  });
  await prisma().policy.delete({ where: { id: policyId } });
});

describe("what a policy denies to whoever has it", () => {
  const denies = (condition: object) => aPolicy(["delete_invoice"], { condition });
  const scope = { grants: "roles" as const, userIds: [] as string[], teams: true, services: false };

  test.each(["a role", "a team", "a role of a team above"])(
    "is not lifted by a review of somebody who lacks it, by %s",
    async (path) => {
      const author = await aCallerHolding(MANAGES);
      const clerk = await aUser({ roles: [] });
      const roleId = await aRole({ view_invoice: "all" });
      let asked: object = { kind: "role", ids: [roleId] };
      if (path === "a role") await give(clerk.id, roleId);
      else {
        const above = await aTeam({ roles: [roleId] });
        const team = await aTeam({ parentId: above, members: [clerk.id] });
        if (path === "a team") asked = { kind: "team", ids: [team] };
      }
      const input = aReviewOf([], [reviewer], { scope: { ...scope, roleIds: [roleId] } });
      const id = await aStartedReview(author, input);
      const item = (await itemsOf(id)).find(({ userId }) => userId === clerk.id);
      await denies(asked);

      const refused = { outcome: "rejected", missing: ["delete_invoice"] };
      expect(await answerItem(reviewer, id, item?.id ?? "", REVOKE)).toMatchObject({
        ...refused,
        reason: "beyond-author",
      });
      expect(await closeReview(author, id, { confirmed: true })).toMatchObject({
        ...refused,
        reason: "beyond-own-permissions",
      });
      // Begun anew, it asks only about what nobody is judged by: the team's having the role.
      const again = await startReview(author, input);
      expect(again).toMatchObject(path === "a team" ? { outcome: "started", leftOut: 1 } : NOTHING);

      await give(author.principal.userId, await aRole({ delete_invoice: "all" }));
      expect(await answerItem(reviewer, id, item?.id ?? "", REVOKE)).toMatchObject({
        outcome: "revoked",
      });
    },
  );
});
