import { beforeAll, describe, expect, test } from "vitest";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { closeReview } from "@/lib/access-reviews/close-review";
import { startReview } from "@/lib/access-reviews/start-review";
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

test.each([
  ["is not met", NEVER],
  ["is met", NOT_NEVER],
])(
  "whose right to manage reviews has come to have a condition that %s revokes nothing",
  async (_what, condition) => {
    const author = await aCallerHolding(MANAGES);
    const clerk = await aUserHolding({ view_invoice: "all" });
    const id = await aStartedReview(author, aReviewOf([clerk.id], [reviewer]));
    await conditionOn(author.principal.userId, "manage_reviews", condition);
    expect(await answerItem(reviewer, id, await itemAbout(id, clerk.id), REVOKE)).toMatchObject({
      outcome: "rejected",
      reason: "beyond-author",
      missing: ["manage_reviews"],
    });
    expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  },
);

test("whose right to answer has a condition is not asked", async () => {
  const one = await aCallerHolding(ANSWERS);
  await conditionOn(one.principal.userId, "answer_reviews", NEVER);
  const clerk = await aUserHolding({ view_invoice: "all" });
  expect(await startReview(admin, aReviewOf([clerk.id], [one]))).toMatchObject({
    reason: "not-a-reviewer",
    ids: [one.principal.userId],
  });
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
