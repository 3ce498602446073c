import { beforeAll, expect, test } from "vitest";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { cancelReview, closeReview } from "@/lib/access-reviews/close-review";
import { findReview, listItems, listReviews } from "@/lib/access-reviews/list-reviews";
import { startReview } from "@/lib/access-reviews/start-review";
import { AccessDenied } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
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
import { aCaller, aUser, callerOf, type TestUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import {
  aCallerHolding,
  aRole,
  aUserHolding,
  eventsOf,
  give,
  roleIdsOf,
} from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const KEEP = { decision: "keep", note: "" } as const;
const REVOKE = { decision: "revoke", note: "left the team" } as const;
const NOT_FOUND = { outcome: "not-found" };
const PAGE = { limit: 50 };

const people = {} as Record<"admin" | "reviewer" | "second" | "nobody" | "foreigner", Caller>;

beforeAll(async () => {
  people.admin = await aCaller({ roles: ["Admin"] });
  people.reviewer = await aCallerHolding(ANSWERS);
  people.second = await aCallerHolding(ANSWERS);
  people.nobody = await aCaller({ roles: [] });
  people.foreigner = await aForeignCaller(["Admin"]);
});

const aClerk = (): Promise<TestUser> => aUserHolding({ view_invoice: "all" });

test("a review asks about each grant in scope, and writes to its reviewers", async () => {
  const clerk = await aClerk();
  const { admin, reviewer } = people;
  const result = await startReview(admin, aReviewOf([clerk.id], [reviewer], { note: "spring" }));
  if (result.outcome !== "started") throw new Error(JSON.stringify(result));
  expect(result).toMatchObject({ items: 1, leftOut: 0 });
  const [item] = await itemsOf(result.id);
  expect(item).toMatchObject({
    kind: "user_role",
    subject: clerk.email,
    reviewerId: reviewer.principal.userId,
    everywhere: true,
    decision: null,
    outcome: null,
  });
  const mails = await prisma().outboxMessage.findMany({
    where: { kind: "access-review-started", recipient: reviewer.principal.email },
  });
  expect(mails.some(({ text }) => text.includes(result.id))).toBe(true);
  const [event] = await reviewEvents(result.id);
  expect(event).toMatchObject({ action: "review.started", actorId: admin.principal.userId });
});

test("a scope of roles finds whom they were given to, teams, members and services with it", async () => {
  const { admin, reviewer } = people;
  const roleId = await aRole({ view_invoice: "all" });
  const [holder, member] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
  await give(holder.id, roleId);
  const { organizationId } = admin.principal;
  const team = { id: newId(), organizationId, name: `Team ${newId()}` };
  await prisma().team.create({ data: team });
  await prisma().teamMembership.create({
    data: { teamId: team.id, userId: member.id, organizationId },
  });
  await prisma().teamRole.create({ data: { teamId: team.id, roleId } });
  const clientId = newId();
  await prisma().oidcClient.create({
    data: { id: clientId, name: "Bot", kind: "service", authMethod: "client_secret_basic" },
  });
  await prisma().serviceAccount.create({ data: { clientId, organizationId } });
  await prisma().serviceAccountRole.create({ data: { clientId, roleId } });
  const scope = { grants: "roles", roleIds: [roleId], userIds: [] } as const;
  const wide = { ...scope, roleIds: [roleId], userIds: [], teams: true, services: true };
  const id = await aStartedReview(admin, aReviewOf([], [reviewer], { scope: wide }));
  const items = await itemsOf(id);
  expect(items.map(({ kind }) => kind).sort()).toEqual([
    "service_role",
    "team_membership",
    "team_role",
    "user_role",
  ]);
  for (const item of items) {
    expect(await answerItem(reviewer, id, item.id, REVOKE)).toMatchObject({ outcome: "revoked" });
  }
  expect(await roleIdsOf(holder.id)).toEqual([]);
  expect(await prisma().teamMembership.count({ where: { teamId: team.id } })).toBe(0);
  expect(await prisma().teamRole.count({ where: { teamId: team.id } })).toBe(0);
  expect(await prisma().serviceAccountRole.count({ where: { clientId } })).toBe(0);
  const narrow = { ...wide, teams: false, services: false };
  const empty = await startReview(admin, aReviewOf([], [reviewer], { scope: narrow }));
  expect(empty).toEqual({ outcome: "rejected", reason: "nothing-to-review" });
});

test("what is revoked ends at the next request, and says by whom", async () => {
  const clerk = await aClerk();
  const before = await callerOf(clerk.id);
  expect(await can(before, INVOICE_PERMISSIONS.view)).toBe(true);
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  const answer = await answerItem(people.reviewer, id, itemId, REVOKE);
  expect(answer).toMatchObject({ outcome: "revoked", item: { note: "left the team" } });
  expect(await roleIdsOf(clerk.id)).toEqual([]);
  expect(await can(await callerOf(clerk.id), INVOICE_PERMISSIONS.view)).toBe(false);
  const [event] = await reviewEvents(clerk.id);
  expect(event).toMatchObject({
    action: "review.grant_revoked",
    actorId: people.reviewer.principal.userId,
    reason: "revoked",
  });
});

test("an answer to keep can be changed until the review closes, one to revoke cannot", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  const answer = (wanted: typeof KEEP | typeof REVOKE) =>
    answerItem(people.reviewer, id, itemId, wanted);
  expect(await answer(KEEP)).toMatchObject({ outcome: "kept" });
  expect(await answer(REVOKE)).toMatchObject({ outcome: "revoked" });
  expect(await answer(KEEP)).toMatchObject({ outcome: "rejected", reason: "ended" });
  expect(await roleIdsOf(clerk.id)).toEqual([]);
});

test("of keeping and revoking at once, what is revoked stays revoked", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  const answers = await race(20, (index) =>
    answerItem(people.reviewer, id, itemId, index % 2 === 0 ? KEEP : REVOKE),
  );
  expect(answers.filter(({ outcome }) => outcome === "revoked")).toHaveLength(1);
  expect(await roleIdsOf(clerk.id)).toEqual([]);
  expect(await reviewEvents(clerk.id)).toHaveLength(1);
});

test("two reviewers who answer at once both do, each their own", async () => {
  const clerks = await race(6, aClerk);
  const asked = [people.reviewer, people.second];
  const id = await aStartedReview(
    people.admin,
    aReviewOf(
      clerks.map((one) => one.id),
      asked,
    ),
  );
  const items = await itemsOf(id);
  expect(new Set(items.map(({ reviewerId }) => reviewerId)).size).toBe(2);
  const answers = await Promise.all(
    items.flatMap((item) => asked.map((caller) => answerItem(caller, id, item.id, REVOKE))),
  );
  expect(answers.filter(({ outcome }) => outcome === "revoked")).toHaveLength(6);
  expect(answers.filter(({ outcome }) => outcome === "not-found")).toHaveLength(6);
});

test("nobody is asked about grants of their own, or of a team that they are in", async () => {
  const { admin, reviewer, second } = people;
  const own = reviewer.principal.userId;
  const alone = await startReview(admin, aReviewOf([own], [reviewer]));
  expect(alone).toMatchObject({ reason: "own-grants", subjects: [reviewer.principal.email] });
  const id = await aStartedReview(
    admin,
    aReviewOf([own, second.principal.userId], [reviewer, second]),
  );
  for (const item of await itemsOf(id)) expect(item.userId).not.toBe(item.reviewerId);

  const { organizationId } = admin.principal;
  const roleId = await aRole({ view_invoice: "all" });
  const [above, below] = [newId(), newId()];
  await prisma().team.create({ data: { id: above, organizationId, name: `Above ${above}` } });
  await prisma().team.create({
    data: { id: below, organizationId, parentId: above, name: `Below ${below}` },
  });
  await prisma().teamRole.create({ data: { teamId: above, roleId } });
  await prisma().teamMembership.create({ data: { teamId: below, userId: own, organizationId } });
  const scope = {
    grants: "roles" as const,
    roleIds: [roleId],
    userIds: [],
    teams: true,
    services: false,
  };
  const refused = await startReview(admin, aReviewOf([], [reviewer], { scope }));
  expect(refused).toMatchObject({ outcome: "rejected", reason: "own-grants" });
  const asked = await aStartedReview(admin, aReviewOf([], [reviewer, second], { scope }));
  const items = await itemsOf(asked);
  expect(items.every(({ reviewerId }) => reviewerId === second.principal.userId)).toBe(true);
  // Whoever joins the team after they were asked does not answer for it either.
  await prisma().teamMembership.create({
    data: { teamId: below, userId: second.principal.userId, organizationId },
  });
  const ofTeam = items.find(({ kind }) => kind === "team_role");
  const answer = await answerItem(second, asked, ofTeam?.id ?? "", REVOKE);
  expect(answer).toEqual({ outcome: "rejected", reason: "own-grant" });
});

test("the same grants and reviewers are spread alike every time", async () => {
  const clerks = await race(5, aClerk);
  const input = aReviewOf(
    clerks.map((one) => one.id),
    [people.reviewer, people.second],
  );
  const spread = async (reviewerIds: string[]) =>
    (await itemsOf(await aStartedReview(people.admin, { ...input, reviewerIds }))).map(
      ({ subject, reviewerId }) => [subject, reviewerId],
    );
  expect(await spread(input.reviewerIds)).toEqual(await spread(input.reviewerIds.toReversed()));
});

test("a grant of somebody above the author is left out, and counted (ATK-42)", async () => {
  const manager = await aCallerHolding({ manage_reviews: "all", view_invoice: "all" });
  const clerk = await aClerk();
  const above = await aUserHolding({ view_invoice: "all", delete_invoice: "all" });
  const input = aReviewOf([clerk.id, above.id], [people.reviewer]);
  const result = await startReview(manager, input);
  expect(result).toMatchObject({ outcome: "started", items: 1, leftOut: 1 });
  const nothing = await startReview(manager, aReviewOf([above.id], [people.reviewer]));
  expect(nothing).toEqual({ outcome: "rejected", reason: "nothing-to-review" });
});

test("a reviewer revokes by the right of the author as it is then (ATK-42)", async () => {
  const manager = await aUserHolding({ manage_reviews: "all", view_invoice: "all" });
  const clerk = await aClerk();
  const id = await aStartedReview(
    await callerOf(manager.id),
    aReviewOf([clerk.id], [people.reviewer]),
  );
  const itemId = await itemAbout(id, clerk.id);
  const beyond = { outcome: "rejected", reason: "beyond-author" };
  const revoke = () => answerItem(people.reviewer, id, itemId, REVOKE);

  // The clerk has come to hold more than the author.
  const more = await aRole({ delete_invoice: "all" });
  await give(clerk.id, more);
  const refused = await revoke();
  expect(refused).toMatchObject({ ...beyond, missing: ["delete_invoice"] });
  if (!("decisionId" in refused)) throw new Error("no decision");
  const event = await prisma().auditEvent.findUniqueOrThrow({ where: { id: refused.decisionId } });
  expect(event).toMatchObject({ outcome: "denied", reason: "answer_reviews: beyond-author" });
  await prisma().userRole.deleteMany({ where: { userId: clerk.id, roleId: more } });

  // The author has lost their right, is disabled, or is gone.
  await prisma().user.update({ where: { id: manager.id }, data: { status: "disabled" } });
  expect(await revoke()).toMatchObject({ ...beyond, missing: ["manage_reviews"] });
  await prisma().user.update({ where: { id: manager.id }, data: { status: "active" } });
  await prisma().membership.deleteMany({ where: { userId: manager.id } });
  expect(await revoke()).toMatchObject({ ...beyond, missing: ["manage_reviews"] });
  expect(await roleIdsOf(clerk.id)).toHaveLength(1);
  // Keeping takes no right away from anybody.
  expect(await answerItem(people.reviewer, id, itemId, KEEP)).toMatchObject({ outcome: "kept" });
});

test("a reviewer who has lost the permission, or proves nothing fresh, answers nothing", async () => {
  const clerk = await aClerk();
  const former = await aUserHolding(ANSWERS);
  const caller = await callerOf(former.id);
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [caller]));
  const itemId = await itemAbout(id, clerk.id);
  const { principal } = caller;
  const stale = { ...principal.session, authTime: inHours(-1) };
  const old = { ...caller, principal: { ...principal, session: stale } };
  for (const answer of [KEEP, REVOKE]) {
    await expect(answerItem(old, id, itemId, answer)).rejects.toThrow(AssuranceInsufficient);
    const token = { ...caller, principal: { ...principal, means: "personal-token" as const } };
    await expect(answerItem(token, id, itemId, answer)).rejects.toThrow(TokenInsufficient);
  }
  await prisma().userRole.deleteMany({ where: { userId: former.id } });
  // With the abilities of before, and of now.
  expect(await answerItem(caller, id, itemId, REVOKE)).toMatchObject({
    reason: "beyond-own-permissions",
  });
  await expect(answerItem(await callerOf(former.id), id, itemId, REVOKE)).rejects.toThrow(
    AccessDenied,
  );
  expect(await roleIdsOf(clerk.id)).toHaveLength(1);
});

test("only active members who may answer can be asked, and only before a date to come", async () => {
  const clerk = await aClerk();
  const { admin, reviewer, nobody } = people;
  const stranger = await aUserHolding(ANSWERS);
  await prisma().membership.deleteMany({ where: { userId: stranger.id } });
  const disabled = await aUserHolding(ANSWERS);
  await prisma().user.update({ where: { id: disabled.id }, data: { status: "disabled" } });
  for (const id of [nobody.principal.userId, stranger.id, disabled.id]) {
    const input = aReviewOf([clerk.id], [reviewer]);
    const reviewerIds = [...input.reviewerIds, id];
    const result = await startReview(admin, { ...input, reviewerIds });
    expect(result).toEqual({ outcome: "rejected", reason: "not-a-reviewer", ids: [id] });
  }
  for (const dueAt of [inHours(-1), inHours(24 * 400)]) {
    const result = await startReview(admin, aReviewOf([clerk.id], [reviewer], { dueAt }));
    expect(result).toEqual({ outcome: "rejected", reason: "due-date" });
  }
  await expect(startReview(reviewer, aReviewOf([clerk.id], [reviewer]))).rejects.toThrow(
    AccessDenied,
  );
});

test("another organization sees, answers, closes and cancels nothing (ATK-43)", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  const { foreigner } = people;
  expect(await findReview(foreigner, id)).toBeNull();
  expect(await listItems(foreigner, id, {}, PAGE)).toEqual(NOT_FOUND);
  expect(await answerItem(foreigner, id, itemId, REVOKE)).toEqual(NOT_FOUND);
  expect(await closeReview(foreigner, id, { confirmed: true })).toEqual(NOT_FOUND);
  expect(await cancelReview(foreigner, id)).toEqual(NOT_FOUND);
  const listed = await listReviews(foreigner, {}, PAGE);
  if (listed.outcome !== "listed") throw new Error("not listed");
  expect(listed.reviews.map((review) => review.id)).not.toContain(id);
  // Nor does theirs ask about anybody here.
  const mine = await startReview(foreigner, aReviewOf([clerk.id], [foreigner]));
  expect(mine).toEqual({ outcome: "rejected", reason: "nothing-to-review" });
});

test("a reviewer sees their own items and the reviews that have some, a manager all", async () => {
  const clerks = await race(4, aClerk);
  const { admin, reviewer, second } = people;
  const userIds = clerks.map((one) => one.id);
  const id = await aStartedReview(admin, aReviewOf(userIds, [reviewer, second]));
  const others = await aStartedReview(admin, aReviewOf(userIds, [second]));
  const seen = async (caller: Caller) => {
    const page = await listItems(caller, id, {}, PAGE);
    if (page.outcome !== "listed") throw new Error(JSON.stringify(page));
    return page.items.map(({ reviewerId }) => reviewerId);
  };
  const own = reviewer.principal.userId;
  expect(await seen(reviewer)).toEqual([own, own]);
  expect(await seen(admin)).toHaveLength(4);
  expect(await findReview(reviewer, others)).toBeNull();
  const listed = await listReviews(reviewer, {}, PAGE);
  if (listed.outcome !== "listed") throw new Error("not listed");
  const ids = listed.reviews.map((review) => review.id);
  expect(ids).toContain(id);
  expect(ids).not.toContain(others);
  expect(listed.reviews[0]?.progress.every(({ reviewerId }) => reviewerId === own)).toBe(true);
});

test("items are paged, and narrowed by what was answered and by words", async () => {
  const clerks = await race(5, aClerk);
  const { admin, reviewer } = people;
  const id = await aStartedReview(
    admin,
    aReviewOf(
      clerks.map((one) => one.id),
      [reviewer],
    ),
  );
  const page = async (listing: Parameters<typeof listItems>[2], cursor?: string, limit = 2) => {
    const result = await listItems(reviewer, id, listing, { limit, cursor });
    if (result.outcome !== "listed") throw new Error(JSON.stringify(result));
    return result;
  };
  const first = await page({});
  const second = await page({}, first.nextCursor ?? "");
  const third = await page({}, second.nextCursor ?? "");
  const positions = [first, second, third].flatMap(({ items }) => items.map((one) => one.position));
  expect(positions).toEqual([1, 2, 3, 4, 5]);
  expect(third.nextCursor).toBeNull();
  expect((await page({}, third.previousCursor ?? "")).items).toEqual(second.items);
  const [item] = first.items;
  await answerItem(reviewer, id, item?.id ?? "", KEEP);
  expect((await page({ status: "keep" })).items).toHaveLength(1);
  expect((await page({ status: "open" }, undefined, 9)).items).toHaveLength(4);
  expect((await page({ q: clerks[3]?.email })).items.map((one) => one.subject)).toEqual([
    clerks[3]?.email,
  ]);
  expect(await listItems(reviewer, id, {}, { limit: 2, cursor: "none" })).toMatchObject({
    reason: "unknown-cursor",
  });
});

test("a grant that changed or went meanwhile is gone, and one given again is another", async () => {
  const [went, again] = [await aClerk(), await aClerk()];
  const { admin, reviewer } = people;
  const id = await aStartedReview(admin, aReviewOf([went.id, again.id], [reviewer]));
  const roleIds = await roleIdsOf(again.id);
  for (const { id: userId } of [went, again]) {
    await assignRoles(admin, userId, [], { confirmed: false });
  }
  await assignRoles(admin, again.id, roleIds, { confirmed: false });
  const revoked = await answerItem(reviewer, id, await itemAbout(id, again.id), REVOKE);
  expect(revoked).toMatchObject({ outcome: "gone" });
  expect(await roleIdsOf(again.id)).toEqual(roleIds);
  const kept = await answerItem(reviewer, id, await itemAbout(id, went.id), KEEP);
  expect(kept).toMatchObject({ outcome: "gone" });
});

test("the last administrator is not revoked by an answer either", async () => {
  const only = people.admin.principal.userId;
  await prisma().userRole.deleteMany({
    where: { role: { name: "Admin" }, userId: { not: only } },
  });
  const id = await aStartedReview(people.admin, aReviewOf([only], [people.reviewer]));
  const answer = await answerItem(people.reviewer, id, await itemAbout(id, only), REVOKE);
  expect(answer).toEqual({ outcome: "rejected", reason: "last-administrator" });
  expect(await roleIdsOf(only)).toHaveLength(1);
});

test("after it is due nothing is answered, whatever the job has done", async () => {
  const clerk = await aClerk();
  const id = await aStartedReview(people.admin, aReviewOf([clerk.id], [people.reviewer]));
  const itemId = await itemAbout(id, clerk.id);
  await letBeDue(id);
  const late: Caller = people.reviewer;
  expect(await answerItem(late, id, itemId, KEEP)).toEqual({ outcome: "rejected", reason: "over" });
  expect(await roleIdsOf(clerk.id)).toEqual([]);
  expect(await eventsOf(late)).not.toContainEqual(
    expect.objectContaining({ action: "review.item_kept", targetId: id }),
  );
});
