import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { endUserSessions, listEverySession, listUserSessions } from "@/lib/users/user-sessions";
import { aCaller, aRequest, aSession, aUser, callerOf, callerWith } from "@/tests/support/builders";
import { anInvoiceOwnedBy } from "@/tests/support/invoices";
import { aCallerHolding, aUserHolding, eventsOf } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const UNSURE = { confirmed: false };
const SURE = { confirmed: true };
let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });
const userRow = (id: string) => prisma().user.findUniqueOrThrow({ where: { id } });
const anAddress = () => `${newId()}@example.com`;

test("disabling a user ends their sessions with it, and enabling brings none back (ATK-39)", async () => {
  const { id } = await aUser();
  const cookies = [await aSession(id), await aSession(id)];
  const caller = again(admin);
  expect(await updateUser(caller, id, { status: "disabled" }, UNSURE)).toMatchObject({
    outcome: "updated",
  });
  const alive = async () =>
    (await Promise.all(cookies.map((cookie) => findPrincipal(cookie)))).filter(Boolean);
  expect(await alive()).toEqual([]);
  expect((await eventsOf(caller)).map(({ action, reason }) => [action, reason])).toEqual([
    ["session.revoked", "user_disabled"],
    ["session.revoked", "user_disabled"],
    ["user.disabled", null],
  ]);
  const next = again(admin);
  await updateUser(next, id, { status: "active" }, UNSURE);
  expect((await userRow(id)).status).toBe("active");
  expect(await alive()).toEqual([]);
  expect(await eventsOf(next)).toMatchObject([
    { action: "user.enabled", before: { status: "disabled" }, after: { status: "active" } },
  ]);
});

test("a session that began while its user was disabled does not outlive the enabling", async () => {
  const { id } = await aUser();
  await updateUser(admin, id, { status: "disabled" }, UNSURE);
  const cookie = await aSession(id);
  await updateUser(admin, id, { status: "active" }, UNSURE);
  expect(await findPrincipal(cookie)).toBeNull();
});

test("an invited user who was disabled is invited still when enabled, and is not made active", async () => {
  const { id } = await aUser({ status: "pending" });
  await prisma().passwordCredential.delete({ where: { userId: id } });
  expect(await updateUser(admin, id, { status: "active" }, UNSURE)).toEqual({
    outcome: "rejected",
    reason: "still-invited",
  });
  await updateUser(admin, id, { status: "disabled" }, UNSURE);
  await updateUser(admin, id, { status: "active" }, UNSURE);
  expect((await userRow(id)).status).toBe("pending");
});

test("another address makes earlier links useless and is told to the former one (ATK-37)", async () => {
  const { id, email: former } = await aUser();
  await prisma().verificationToken.create({
    data: {
      id: newId(),
      userId: id,
      purpose: "password_reset",
      tokenHash: new Uint8Array(32).map(() => Math.floor(Math.random() * 256)),
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  const caller = again(admin);
  const email = anAddress();
  await updateUser(caller, id, { email, name: "New Name" }, UNSURE);
  expect(await userRow(id)).toMatchObject({ email, name: "New Name" });
  expect(await prisma().verificationToken.count({ where: { userId: id, consumedAt: null } })).toBe(
    0,
  );
  expect(await prisma().outboxMessage.count({ where: { recipient: former } })).toBe(1);
  expect(await eventsOf(caller)).toMatchObject([
    { action: "user.updated", before: { email: former }, after: { email, name: "New Name" } },
  ]);
});

test("an address belongs to one user, even when two take it at once", async () => {
  const email = anAddress();
  const users = await Promise.all(Array.from({ length: 6 }, () => aUser()));
  const results = await Promise.all(
    users.map(({ id }) => updateUser(again(admin), id, { email }, UNSURE)),
  );
  expect(results.filter((result) => result.outcome === "updated")).toHaveLength(1);
  expect(results.filter((result) => result.outcome === "rejected")).toEqual(
    Array(5).fill({ outcome: "rejected", reason: "address-taken" }),
  );
});

test("what is as it was leaves no event", async () => {
  const { id, email } = await aUser();
  const caller = again(admin);
  await updateUser(caller, id, { email, status: "active" }, UNSURE);
  expect(await eventsOf(caller)).toEqual([]);
});

test("a deleted user is gone with sessions, and the log keeps who they were", async () => {
  const { id, email } = await aUser();
  const cookie = await aSession(id);
  const caller = again(admin);
  expect(await deleteUser(caller, id, UNSURE)).toEqual({ outcome: "deleted", email });
  expect(await findPrincipal(cookie)).toBeNull();
  expect(await prisma().user.count({ where: { id } })).toBe(0);
  expect(await eventsOf(caller)).toMatchObject([
    { action: "user.deleted", before: { email, roles: ["User"] } },
  ]);
});

test("a user whose records others rely on is not deleted", async () => {
  const owner = await aCaller();
  await anInvoiceOwnedBy(owner, admin);
  const caller = again(admin);
  expect(await deleteUser(caller, owner.principal.userId, UNSURE)).toEqual({
    outcome: "rejected",
    reason: "owns-records",
  });
  expect(await eventsOf(caller)).toEqual([]);
});

const ATTEMPTS: [string, (caller: Caller, id: string) => Promise<unknown>][] = [
  ["rename", (caller, id) => updateUser(caller, id, { name: "Mine" }, SURE)],
  ["change the address of", (caller, id) => updateUser(caller, id, { email: anAddress() }, SURE)],
  ["disable", (caller, id) => updateUser(caller, id, { status: "disabled" }, SURE)],
  ["delete", (caller, id) => deleteUser(caller, id, SURE)],
  ["end the sessions of", (caller, id) => endUserSessions(caller, id, null)],
];
const EVERY_RIGHT_BUT_ONE = {
  view_users: "all",
  manage_users: "all",
  assign_roles: "all",
  revoke_sessions: "all",
  view_invoice: "own",
} as const;

test.each(ATTEMPTS)(
  "nobody can %s a user who holds what they lack (ATK-42)",
  async (_name, attempt) => {
    const caller = await aCallerHolding(EVERY_RIGHT_BUT_ONE);
    const above = await aUserHolding({ view_invoice: "all" });
    const cookie = await aSession(above.id);
    const before = await userRow(above.id);
    expect(await attempt(caller, above.id)).toMatchObject({
      outcome: "rejected",
      reason: "beyond-own-permissions",
      missing: ["view_invoice"],
    });
    expect(await userRow(above.id)).toEqual(before);
    expect(await findPrincipal(cookie)).not.toBeNull();
    expect(await eventsOf(caller)).toMatchObject([{ outcome: "denied", targetId: above.id }]);
  },
);

test.each(ATTEMPTS)(
  "somebody may %s a user who holds no more than they do",
  async (_name, attempt) => {
    const caller = await aCallerHolding(EVERY_RIGHT_BUT_ONE);
    const below = await aUserHolding({ view_invoice: "own" });
    expect(await attempt(caller, below.id)).toMatchObject({
      outcome: expect.stringMatching(/updated|deleted|ended/),
    });
  },
);

test.each(ATTEMPTS)("without the permission nobody can %s anybody", async (_name, attempt) => {
  const caller = await aCallerHolding({ view_users: "all", assign_roles: "all" });
  const { id } = await aUser({ roles: [] });
  await expect(attempt(caller, id)).rejects.toThrow(AccessDenied);
});

test.each(ATTEMPTS)(
  "one cannot %s users of another organization (ATK-43)",
  async (_name, attempt) => {
    const foreign = await aForeignCaller([]);
    const { organizationId } = admin.principal;
    const { userId } = foreign.principal;
    await prisma().membership.deleteMany({ where: { userId, organizationId } });
    expect(await attempt(again(admin), userId)).toEqual({ outcome: "not-found" });
    expect(await userRow(userId)).toMatchObject({ status: "active" });
  },
);

test("whoever disables or deletes themselves confirms it first, told what is lost (ATK-44)", async () => {
  const caller = await aCallerHolding({ manage_users: "all", view_users: "all" });
  const { userId } = caller.principal;
  const warning = {
    outcome: "rejected",
    reason: "confirmation-required",
    lost: ["manage_users", "view_users"],
  };
  expect(await updateUser(caller, userId, { status: "disabled" }, UNSURE)).toEqual(warning);
  expect(await deleteUser(caller, userId, UNSURE)).toEqual(warning);
  expect((await userRow(userId)).status).toBe("active");
  expect(await updateUser(caller, userId, { status: "disabled" }, SURE)).toMatchObject({
    outcome: "updated",
  });
});

test("an administrator ends one session of a user, or all of them (F32)", async () => {
  const { id } = await aUser();
  const [first, second] = [await aSession(id), await aSession(id)];
  const firstId = (await callerWith(first)).principal.session.id;
  expect(await endUserSessions(again(admin), id, firstId)).toEqual({ outcome: "ended", count: 1 });
  expect(await findPrincipal(first)).toBeNull();
  expect(await findPrincipal(second)).not.toBeNull();
  expect(await endUserSessions(again(admin), id, firstId)).toEqual({ outcome: "not-found" });
  expect(await endUserSessions(again(admin), id, null)).toEqual({ outcome: "ended", count: 1 });
  expect(await listUserSessions(admin, id)).toEqual([]);
});

test("a session's id ends nothing when it is named with another user", async () => {
  const { id } = await aUser();
  const other = await callerOf((await aUser()).id);
  expect(await endUserSessions(again(admin), id, other.principal.session.id)).toEqual({
    outcome: "not-found",
  });
});

test("everybody's live sessions are listed, newest first, the ended ones left out", async () => {
  const user = await aUser();
  const cookies = [await aSession(user.id), await aSession(user.id), await aSession(user.id)];
  const ids = [];
  for (const cookie of cookies) ids.unshift((await callerWith(cookie)).principal.session.id);
  await endUserSessions(admin, user.id, ids[1] ?? null);
  const page = await listEverySession(admin, { q: user.email, limit: 10 });
  expect(page).toMatchObject({
    sessions: [
      { id: ids[0], user: { email: user.email } },
      { id: ids[2], user: { email: user.email } },
    ],
  });
});
