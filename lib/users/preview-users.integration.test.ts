import { beforeAll, expect, test } from "vitest";
import { previewInvitation, previewNewUser } from "@/app/_impact/preview-arrival";
import { previewChange } from "@/app/_impact/preview-change";
import type { Impact } from "@/lib/authz/impact/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { aCaller, aSession, aUser } from "@/tests/support/builders";
import { impactOf, stateOfEverything, toldBy } from "@/tests/support/previews";
import { aCallerHolding, aRole, aUserHolding, give } from "@/tests/support/roles";

let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const disabling = (userId: string, caller: Caller) => (probe?: Probe) =>
  updateUser(caller, userId, { status: "disabled" }, { confirmed: false, probe });
const deleting = (userId: string, caller: Caller) => (probe?: Probe) =>
  deleteUser(caller, userId, { confirmed: false, probe });

const impactIn = (result: unknown): Impact => {
  if (typeof result !== "object" || result === null || !("impact" in result)) {
    throw new Error(`no preview: ${JSON.stringify(result)}`);
  }
  return (result as { impact: Impact }).impact;
};

test("disabling and deleting somebody take all that they hold and end their sessions, and enabling gives it back", async () => {
  const { id } = await aUserHolding({ view_invoice: "all", create_invoice: "all" });
  await aSession(id);
  await aSession(id);
  const lost = { [id]: ["lost create_invoice", "lost view_invoice"] };
  for (const change of [disabling(id, admin), deleting(id, admin)]) {
    const impact = await impactOf(admin, change, [id]);
    expect(toldBy(impact)).toEqual(lost);
    expect(impact).toMatchObject({ people: 1, losing: 1, sessions: 0, ended: 2, foretold: null });
  }
  expect((await disabling(id, admin)()).outcome).toBe("updated");
  // Who is disabled holds nothing that could be taken.
  const nothing = await impactOf(admin, deleting(id, admin), [id]);
  expect(nothing).toMatchObject({ people: 0, ended: 0 });
  const enabled = await impactOf(
    admin,
    (probe) => updateUser(admin, id, { status: "active" }, { confirmed: false, probe }),
    [id],
  );
  expect(toldBy(enabled)).toEqual({ [id]: ["gained create_invoice", "gained view_invoice"] });
});

test("disabling the last administrator, and oneself, is foretold as a save answers (ATK-44)", async () => {
  await prisma().user.updateMany({
    where: { id: { not: admin.principal.userId } },
    data: { status: "disabled" },
  });
  const { userId } = admin.principal;
  for (const change of [disabling(userId, admin), deleting(userId, admin)]) {
    const impact = await impactOf(admin, change, [userId]);
    const refused = await change();
    expect(refused).toMatchObject({ outcome: "rejected", reason: "last-administrator" });
    expect(impact.foretold).toEqual(refused);
    expect(impact.own.length).toBeGreaterThan(5);
  }
  await aUser({ roles: ["Admin"] });
  const impact = await impactOf(admin, disabling(userId, admin), [userId]);
  expect(impact.foretold).toMatchObject({ reason: "confirmation-required" });
});

test("what waits for somebody who is disabled or deleted is told: requests that they could answer, and reviews", async () => {
  const { organizationId } = admin.principal;
  const wanted = await aRole({ view_invoice: "all" });
  const asker = await aUser({ roles: [] });
  const { id } = await aUserHolding({
    view_invoice: "all",
    approve_access: "all",
    answer_reviews: "all",
  });
  await prisma().accessRequest.create({
    data: {
      id: newId(),
      organizationId,
      userId: asker.id,
      roleId: wanted,
      roleName: "Wanted",
      reason: "Close the books",
      durationSeconds: 600,
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  const review = await prisma().accessReview.create({
    data: {
      organizationId,
      name: `Review ${newId()}`,
      scope: {},
      authorId: admin.principal.userId,
      authorName: "Admin",
      dueAt: new Date(Date.now() + 3_600_000),
    },
  });
  const item = (position: number, decision: "keep" | null) => ({
    reviewId: review.id,
    organizationId,
    position,
    kind: "user_role" as const,
    userId: asker.id,
    subject: asker.email,
    grantName: "Wanted",
    everywhere: true,
    grantedAt: new Date(),
    reviewerId: id,
    reviewerName: "Reviewer",
    ...(decision !== null && {
      decision,
      decidedById: id,
      decidedByName: "Reviewer",
      decidedAt: new Date(),
    }),
  });
  await prisma().accessReviewItem.createMany({
    data: [item(1, null), item(2, null), item(3, "keep")],
  });
  for (const change of [disabling(id, admin), deleting(id, admin)]) {
    expect((await impactOf(admin, change, [id])).waiting).toEqual([
      { key: "access-requests", touched: 0, over: 0, fewerAnswer: 1 },
      { key: "access-reviews", touched: 0, over: 0, fewerAnswer: 2 },
    ]);
  }
  // The request of somebody who is gone waits no longer.
  expect((await impactOf(admin, deleting(asker.id, admin), [asker.id])).waiting).toMatchObject([
    { key: "access-requests", touched: 1, over: 1 },
  ]);
});

test("who may not disable somebody is refused the preview as the save (ATK-42)", async () => {
  const clerk = await aCallerHolding({ manage_users: "all" });
  const { id } = await aUserHolding({ view_invoice: "all" });
  const result = await previewChange(clerk, disabling(id, clerk), { userIds: [id] });
  expect(result).toMatchObject({ reason: "beyond-own-permissions" });
  expect(await prisma().user.findUnique({ where: { id } })).toMatchObject({ status: "active" });
});

test("a new user is foretold by the name that they were given, and nobody is created", async () => {
  const roleId = await aRole({ view_invoice: "all" });
  const email = `new-${newId()}@example.com`;
  const before = await stateOfEverything();
  const impact = impactIn(
    await previewNewUser(admin, { email, name: "New", password: null, roleIds: [roleId] }),
  );
  expect(await stateOfEverything()).toBe(before);
  expect(await prisma().user.count({ where: { email } })).toBe(0);
  expect(impact).toMatchObject({
    people: 1,
    gaining: 1,
    unnamed: 0,
    named: [
      { email, name: "New", lines: [{ permissionKey: "view_invoice", difference: "gained" }] },
    ],
  });
  const taken = (await aUser()).email;
  expect(
    await previewNewUser(admin, { email: taken, name: null, password: null, roleIds: [] }),
  ).toMatchObject({ reason: "address-taken" });
});

test("an invitation is foretold for whoever accepts it, with a conflict of duties, and says nothing of the address", async () => {
  const { organizationId } = admin.principal;
  const [one, other] = [
    await aRole({ view_invoice: "all" }),
    await aRole({ create_invoice: "all" }),
  ];
  const email = `guest-${newId()}@example.com`;
  const look = async (roleIds: string[], address = email) =>
    impactIn(await previewInvitation(admin, organizationId, { email: address, roleIds }));
  const before = await stateOfEverything();
  const told = await look([one]);
  expect(await stateOfEverything()).toBe(before);
  const lines = told.named.find((person) => person.email === email)?.lines ?? [];
  expect(lines).toContainEqual(
    expect.objectContaining({ permissionKey: "view_invoice", difference: "gained" }),
  );

  await prisma().dutyConflict.create({
    data: {
      id: newId(),
      name: `Conflict ${newId()}`,
      organizationId,
      leftKeys: ["view_invoice"],
      rightKeys: ["create_invoice"],
    },
  });
  try {
    expect((await look([one, other])).foretold).toMatchObject({ reason: "duty-conflict" });
    // Whoever has the address elsewhere, with whatever they hold there, is not told by it.
    const stranger = await prisma().user.create({
      data: { id: newId(), email: `stranger-${newId()}@example.com`, status: "active" },
    });
    await give(stranger.id, other);
    expect((await look([one], stranger.email)).foretold).toBeNull();
    const told = async (address: string) =>
      (await look([one], address)).named.map(({ lines: held }) => held);
    expect(await told(stranger.email)).toEqual(await told(email));
  } finally {
    await prisma().dutyConflict.deleteMany({ where: { organizationId } });
  }
});
