import { beforeAll, expect, test } from "vitest";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { cancelReview, closeReview } from "@/lib/access-reviews/close-review";
import { findReview } from "@/lib/access-reviews/list-reviews";
import { readEvidence } from "@/lib/access-reviews/read-evidence";
import { tendReviews } from "@/lib/access-reviews/tend-reviews";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles } from "@/lib/users/assign-roles";
import {
  ANSWERS,
  aReviewOf,
  aStartedReview,
  inHours,
  itemAbout,
  itemsOf,
  letBeDue,
  reviewEvents,
} from "@/tests/support/access-reviews";
import { aCaller, callerOf, type TestUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, aUserHolding, give, roleIdsOf } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const KEEP = { decision: "keep", note: "needed" } as const;
const REVOKE = { decision: "revoke", note: "" } as const;
const SURE = { confirmed: true };

const people = {} as Record<"admin" | "reviewer", Caller>;

beforeAll(async () => {
  people.admin = await aCaller({ roles: ["Admin"] });
  people.reviewer = await aCallerHolding(ANSWERS);
});

const aClerk = (): Promise<TestUser> => aUserHolding({ view_invoice: "all" });

const outcomes = async (id: string) =>
  Object.fromEntries((await itemsOf(id)).map(({ subject, outcome }) => [subject, outcome]));

const reviewOf = (id: string) => prisma().accessReview.findUniqueOrThrow({ where: { id } });

test("what nobody has answered is taken away when it is due, and what was kept stays", async () => {
  const [kept, silent] = [await aClerk(), await aClerk()];
  const id = await aStartedReview(people.admin, aReviewOf([kept.id, silent.id], [people.reviewer]));
  await answerItem(people.reviewer, id, await itemAbout(id, kept.id), KEEP);
  await tendReviews();
  expect((await reviewOf(id)).state).toBe("open");
  await letBeDue(id);
  await tendReviews();
  expect(await outcomes(id)).toEqual({
    [kept.email]: "kept",
    [silent.email]: "revoked_unanswered",
  });
  expect(await roleIdsOf(kept.id)).toHaveLength(1);
  expect(await roleIdsOf(silent.id)).toEqual([]);
  expect(await reviewOf(id)).toMatchObject({ state: "closed", closedById: null });
  expect(await reviewEvents(silent.id)).toMatchObject([
    { action: "review.grant_revoked", reason: "revoked-unanswered", actorType: "system" },
  ]);
  const events = await reviewEvents(id);
  expect(events.map(({ action }) => action)).toEqual([
    "review.started",
    "review.item_kept",
    "review.closing",
    "review.closed",
  ]);
});

test("of many instances one closes a review, and each grant is taken away once", async () => {
  const clerks = await race(8, aClerk);
  const input = aReviewOf(
    clerks.map((one) => one.id),
    [people.reviewer],
  );
  const id = await aStartedReview(people.admin, input);
  await letBeDue(id);
  const counts = await race(8, tendReviews);
  expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  const events = await Promise.all(clerks.map((one) => reviewEvents(one.id)));
  expect(events.map(({ length }) => length)).toEqual(clerks.map(() => 1));
  const ofReview = (await reviewEvents(id)).map(({ action }) => action);
  expect(ofReview).toEqual(["review.started", "review.closing", "review.closed"]);
});

test("whatever looks at an overdue review closes it first", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  await letBeDue(id);
  expect(await findReview(people.reviewer, id)).toMatchObject({ state: "closed" });
  expect(await roleIdsOf(clerk.id)).toEqual([]);
});

test("a closing that was broken off is finished by whoever comes next", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  await prisma().accessReview.update({ where: { id }, data: { state: "closing" } });
  const answer = await answerItem(people.reviewer, id, await itemAbout(id, clerk.id), KEEP);
  expect(answer).toEqual({ outcome: "rejected", reason: "over" });
  expect(await reviewOf(id)).toMatchObject({ state: "closed" });
  expect(await roleIdsOf(clerk.id)).toEqual([]);
});

test("closing by hand asks first, and then does what the date would have done", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  expect(await closeReview(people.admin, id, { confirmed: false })).toEqual({
    outcome: "rejected",
    reason: "confirmation-required",
    unanswered: 1,
  });
  expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  expect(await closeReview(people.admin, id, SURE)).toEqual({ outcome: "closed" });
  expect(await outcomes(id)).toEqual({ [clerk.email]: "revoked_unanswered" });
  expect(await reviewOf(id)).toMatchObject({ closedByName: people.admin.principal.email });
  expect(await closeReview(people.admin, id, SURE)).toMatchObject({ reason: "over" });
});

test("of answers and a closing at once, each item has one end that its grant agrees with", async () => {
  const clerks = await race(10, aClerk);
  const input = aReviewOf(
    clerks.map((one) => one.id),
    [people.reviewer],
  );
  const id = await aStartedReview(people.admin, input);
  const items = await itemsOf(id);
  await Promise.all([
    ...items.map((item, index) =>
      answerItem(people.reviewer, id, item.id, index % 2 === 0 ? KEEP : REVOKE),
    ),
    closeReview(people.admin, id, SURE),
  ]);
  expect((await reviewOf(id)).state).toBe("closed");
  for (const item of await itemsOf(id)) {
    const held = await roleIdsOf(item.userId ?? "");
    expect(held, String(item.outcome)).toHaveLength(item.outcome === "kept" ? 1 : 0);
    expect(item.outcome === "kept", String(item.outcome)).toBe(item.decision === "keep");
    expect(item.outcome).not.toBeNull();
  }
});

test("whoever closes by hand holds what is taken away, and whoever cancels is not below (ATK-42)", async () => {
  const clerk = await aClerk();
  const below = await aCallerHolding({ manage_reviews: "all" });
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  expect(await closeReview(below, id, SURE)).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["view_invoice"],
  });
  expect(await cancelReview(below, id)).toMatchObject({ reason: "beyond-own-permissions" });
  await expect(closeReview(people.reviewer, id, SURE)).rejects.toThrow(AccessDenied);
  await expect(cancelReview(people.reviewer, id)).rejects.toThrow(AccessDenied);
  expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  expect((await reviewOf(id)).state).toBe("open");
});

test("what is cancelled takes nothing more away", async () => {
  const [clerk, revoked] = [await aClerk(), await aClerk()];
  const id = await aStartedReview(
    people.admin,
    aReviewOf([clerk.id, revoked.id], [people.reviewer]),
  );
  await answerItem(people.reviewer, id, await itemAbout(id, revoked.id), REVOKE);
  expect(await cancelReview(people.admin, id)).toEqual({ outcome: "cancelled" });
  await tendReviews();
  expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  expect(await roleIdsOf(revoked.id)).toEqual([]);
  expect(await cancelReview(people.admin, id)).toMatchObject({ reason: "over" });
});

test("a grant given again after the review began stays, and one that went is gone", async () => {
  const [went, again] = [await aClerk(), await aClerk()];
  const { admin, reviewer } = people;
  const id = await aStartedReview(admin, aReviewOf([went.id, again.id], [reviewer]));
  const roleIds = await roleIdsOf(again.id);
  for (const userId of [went.id, again.id]) {
    await assignRoles(admin, userId, [], { confirmed: false });
  }
  await assignRoles(admin, again.id, roleIds, { confirmed: false });
  await letBeDue(id);
  await tendReviews();
  expect(await outcomes(id)).toEqual({ [went.email]: "gone", [again.email]: "gone" });
  expect(await roleIdsOf(again.id)).toEqual(roleIds);
});

test("of the administrators whom nobody confirms one stays, and it is on record", async () => {
  const second = await aCaller({ roles: ["Admin"] });
  const ids = [people.admin.principal.userId, second.principal.userId];
  await prisma().userRole.deleteMany({
    where: { role: { name: "Admin" }, userId: { notIn: ids } },
  });
  const clerks = await race(6, aClerk);
  const everybody = [...ids, ...clerks.map((clerk) => clerk.id)];
  const id = await aStartedReview(people.admin, aReviewOf(everybody, [people.reviewer]));
  await letBeDue(id);
  // By many instances, of which none takes another's word for an item of its own.
  await race(6, tendReviews);
  const ends = (await itemsOf(id)).map(({ outcome }) => outcome).sort();
  expect(ends).toEqual([
    "kept_last_administrator",
    ...Array.from({ length: 7 }, () => "revoked_unanswered"),
  ]);
  const left = (await Promise.all(ids.map(roleIdsOf))).flat();
  expect(left).toHaveLength(1);
  const events = (await Promise.all(ids.map(reviewEvents))).flat();
  expect(events.map(({ action }) => action).sort()).toEqual([
    "review.grant_kept",
    "review.grant_revoked",
  ]);
  for (const clerk of clerks) expect(await roleIdsOf(clerk.id)).toEqual([]);
  for (const userId of ids) {
    if ((await roleIdsOf(userId)).length > 0) people.admin = await callerOf(userId);
  }
});

test("evidence is read when it can change no more, by whoever manages reviews there", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  expect(await readEvidence(people.admin, id)).toMatchObject({ reason: "not-ended" });
  await closeReview(people.admin, id, SURE);
  const evidence = await readEvidence(people.admin, id);
  if (evidence.outcome !== "found") throw new Error(JSON.stringify(evidence));
  expect(evidence).toMatchObject({ intact: true, counts: { "revoked-unanswered": 1 } });
  expect(evidence.csv).toContain(`"${clerk.email}"`);
  expect((await reviewOf(id)).evidenceHash).toBe(evidence.sha256);
  await expect(readEvidence(people.reviewer, id)).rejects.toThrow(AccessDenied);
  expect(await readEvidence(await aForeignCaller(["Admin"]), id)).toEqual({ outcome: "not-found" });
});

test("the database refuses every change of a review that has ended", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  const { reviewerId } = await prisma().accessReviewItem.findUniqueOrThrow({
    where: { id: itemId },
  });
  await expect(
    prisma().$executeRaw`UPDATE access_reviews SET due_at = now() WHERE id = ${id}::uuid`,
  ).rejects.toThrow(/stays/);
  await closeReview(people.admin, id, SURE);
  const refused = [
    prisma().$executeRaw`UPDATE access_review_items SET note = 'x' WHERE id = ${itemId}::uuid`,
    prisma()
      .$executeRaw`UPDATE access_review_items SET decision = 'keep', decided_by = ${reviewerId}::uuid,
                                decided_at = now() WHERE id = ${itemId}::uuid`,
    prisma().$executeRaw`DELETE FROM access_review_items WHERE id = ${itemId}::uuid`,
    prisma().$executeRaw`UPDATE access_reviews SET name = 'x' WHERE id = ${id}::uuid`,
    prisma()
      .$executeRaw`UPDATE access_reviews SET state = 'open', closed_at = NULL WHERE id = ${id}::uuid`,
    prisma().$executeRaw`DELETE FROM access_reviews WHERE id = ${id}::uuid`,
    prisma().$executeRaw`TRUNCATE access_review_items`,
    prisma().$executeRaw`INSERT INTO access_review_items
      (id, review_id, organization_id, position, kind, subject, grant_name, everywhere, granted_at,
       reviewer_id, reviewer_name)
      SELECT gen_random_uuid(), review_id, organization_id, 99, kind, 'x', 'x', false, now(),
             reviewer_id, 'x' FROM access_review_items WHERE id = ${itemId}::uuid`,
  ];
  for (const change of refused) await expect(change).rejects.toThrow(/does not change|not emptied/);
});

test("with its organization a review goes, ended or not", async () => {
  const foreigner = await aForeignCaller(["Admin"]);
  const { organizationId, userId } = foreigner.principal;
  const member = await aClerk();
  await prisma().membership.create({ data: { organizationId, userId: member.id } });
  const id = await aStartedReview(foreigner, aReviewOf([member.id], [foreigner]));
  await closeReview(foreigner, id, SURE);
  expect(await roleIdsOf(member.id)).toEqual([]);
  await prisma().session.deleteMany({ where: { organizationId } });
  await prisma().organization.delete({ where: { id: organizationId } });
  expect(await prisma().accessReview.count({ where: { id } })).toBe(0);
  expect(await prisma().accessReviewItem.count({ where: { reviewId: id } })).toBe(0);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(1);
});

test("a reviewer who has not answered is reminded once, a day before", async () => {
  const reviewer = await aCallerHolding(ANSWERS);
  const done = await aCallerHolding(ANSWERS);
  const clerks = await race(2, aClerk);
  const input = aReviewOf(
    clerks.map((one) => one.id),
    [reviewer, done],
  );
  const id = await aStartedReview(people.admin, input);
  const short = await aStartedReview(people.admin, { ...input, dueAt: inHours(5) });
  for (const item of await itemsOf(id)) {
    if (item.reviewerId === done.principal.userId) await answerItem(done, id, item.id, KEEP);
  }
  const reminders = async (caller: Caller) => {
    const where = { kind: "access-review-due", recipient: caller.principal.email };
    return (await prisma().outboxMessage.findMany({ where })).map(({ text }) => text);
  };
  await tendReviews();
  expect(await reminders(reviewer)).toEqual([]);
  await letBeDue(id, inHours(23));
  await race(5, tendReviews);
  const mails = await reminders(reviewer);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain(id);
  expect(mails[0]).not.toContain(short);
  expect(await reminders(done)).toEqual([]);
});

test("what has run out is not asked about, and what runs out meanwhile is gone", async () => {
  const clerk = await aClerk();
  const ended = await aRole({ view_invoice: "all" });
  await give(clerk.id, ended, { expiresAt: inHours(-1) });
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  expect(await itemsOf(id)).toHaveLength(1);
  await prisma().userRole.updateMany({
    where: { userId: clerk.id },
    data: { expiresAt: inHours(-1) },
  });
  await letBeDue(id);
  await tendReviews();
  expect(await outcomes(id)).toEqual({ [clerk.email]: "gone" });
});
