import { beforeAll, describe, expect, test } from "vitest";
import { resetFactors } from "@/lib/authn/reset-factors";
import { sendSignInLink } from "@/lib/authn/send-sign-in-link";
import { revokeUserToken } from "@/lib/personal-tokens/user-tokens";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { deleteUser } from "@/lib/users/delete-user";
import { findUser } from "@/lib/users/list-users";
import { updateUser } from "@/lib/users/update-user";
import { endUserSessions, listUserSessions } from "@/lib/users/user-sessions";
import { send } from "@/tests/support/api";
import { aRequest, aUser, callerWith } from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";
import { anOrganization, aSessionIn, join } from "@/tests/support/organizations";
import { whileUncommitted } from "@/tests/support/race";
import { aRole, eventsOf, give } from "@/tests/support/roles";

// A delegate of one organization governs its members there. An account that is a member of another
// one as well is not theirs: who has its address, its factors or its status has it everywhere.

const DELEGATE = {
  view_users: "all",
  manage_users: "all",
  reset_factors: "all",
  revoke_sessions: "all",
} as const;

const REFUSED = { outcome: "rejected", reason: "belongs-elsewhere" };

let role: string;

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  role = await aRole(DELEGATE);
});

/** A member of these organizations and of no other. */
async function aMemberOf(...organizationIds: string[]): Promise<string> {
  const { id } = await aUser({ roles: [] });
  await prisma().membership.deleteMany({ where: { userId: id } });
  for (const organizationId of organizationIds) await join(id, organizationId);
  return id;
}

async function aDelegateOf(organizationId: string): Promise<{ id: string; caller: Caller }> {
  const id = await aMemberOf(organizationId);
  await give(id, role, { organizationId });
  return { id, caller: await callerWith(await aSessionIn(id, organizationId)) };
}

/** Two organizations, a delegate of the first, and somebody who belongs to both. */
async function aSharedAccount() {
  const [here, there] = [(await anOrganization()).id, (await anOrganization("Other")).id];
  const delegate = await aDelegateOf(here);
  return {
    here,
    there,
    ...delegate,
    delegateId: delegate.id,
    userId: await aMemberOf(here, there),
  };
}

const CHANGES: Record<string, (caller: Caller, userId: string) => Promise<{ outcome: string }>> = {
  "another address": (caller, id) =>
    updateUser(caller, id, { email: `${newId()}@example.com` }, { confirmed: true }),
  "another name": (caller, id) => updateUser(caller, id, { name: "Mallory" }, { confirmed: true }),
  disabling: (caller, id) => updateUser(caller, id, { status: "disabled" }, { confirmed: true }),
  enabling: (caller, id) => updateUser(caller, id, { status: "active" }, { confirmed: true }),
  deleting: (caller, id) => deleteUser(caller, id, { confirmed: true }),
  "taking the second factors": (caller, id) => resetFactors(caller, id, "lost"),
  "a link to choose a password": (caller, id) => sendSignInLink(caller, id),
};

const stateOf = async (id: string) => ({
  user: await prisma().user.findUnique({ where: { id } }),
  totp: await prisma().totpCredential.count({ where: { userId: id } }),
  links: await prisma().verificationToken.count({ where: { userId: id } }),
  mails: await prisma().outboxMessage.count(),
});

describe.each(Object.entries(CHANGES))("%s", (_name, change) => {
  test("is refused where the account is another organization's as well (ATK-42, ATK-43)", async () => {
    const { caller, userId } = await aSharedAccount();
    await aTotp(userId);
    const before = await stateOf(userId);
    expect(await change(caller, userId)).toMatchObject(REFUSED);
    expect(await stateOf(userId)).toEqual(before);
    expect(await eventsOf(caller)).toMatchObject([
      { outcome: "denied", targetId: userId, reason: expect.stringContaining("beyond-own") },
    ]);
  });

  test("is done by who holds the permission in both, or where there is no other", async () => {
    const { here, there, caller, delegateId, userId } = await aSharedAccount();
    const alone = await aMemberOf(here);
    for (const id of [userId, alone]) await aTotp(id);
    expect((await change(caller, alone)).outcome).not.toBe("rejected");
    await join(delegateId, there);
    await give(delegateId, role, { organizationId: there });
    expect((await change(caller, userId)).outcome).not.toBe("rejected");
  });

  test("is refused when they join the other one at the same moment", async () => {
    const { here, there, caller } = await aSharedAccount();
    const userId = await aMemberOf(here);
    await aTotp(userId);
    const result = await whileUncommitted(
      (tx) => tx.membership.create({ data: { userId, organizationId: there } }),
      () => change(caller, userId),
    );
    expect(result).toMatchObject(REFUSED);
  });
});

test("sessions and tokens are ended where the delegate governs, and shown nowhere else", async () => {
  const { here, there, caller, delegateId, userId } = await aSharedAccount();
  const [mine, theirs] = [await aSessionIn(userId, here), await aSessionIn(userId, there)];
  const other = (await findPrincipal(theirs))?.session.id ?? "";
  expect(await listUserSessions(caller, userId)).toHaveLength(1);
  expect(await endUserSessions(caller, userId, other)).toEqual({ outcome: "not-found" });
  expect(await endUserSessions(caller, userId, null)).toEqual({ outcome: "ended", count: 1 });
  expect(await findPrincipal(mine)).toBeNull();
  expect(await findPrincipal(theirs)).not.toBeNull();

  const { id: tokenId } = await prisma().personalToken.create({
    data: {
      userId,
      organizationId: there,
      name: "CI",
      tokenHash: Buffer.from(newId()),
      scopes: ["api:read"],
      acr: "urn:gatehouse:aal1",
      expiresAt: new Date(Date.now() + 1e6),
    },
  });
  expect(await revokeUserToken(caller, userId, tokenId)).toEqual({ outcome: "not-found" });
  expect(await prisma().personalToken.count({ where: { id: tokenId } })).toBe(1);

  await join(delegateId, there);
  await give(delegateId, role, { organizationId: there });
  expect(await endUserSessions(caller, userId, other)).toEqual({ outcome: "ended", count: 1 });
});

test("the page is told, and the API says why and what to do", async () => {
  const { here, caller, delegateId, userId } = await aSharedAccount();
  expect((await findUser(caller, userId))?.beyondAccount).toEqual([
    "manage_users",
    "reset_factors",
    "revoke_sessions",
  ]);
  expect((await findUser(caller, await aMemberOf(here)))?.beyondAccount).toEqual([]);
  const cookie = await aSessionIn(delegateId, here);
  const answer = await send(cookie, "PATCH", `/api/v1/users/${userId}`, { status: "disabled" });
  expect(answer).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("administrator of the installation") },
  });
  expect(answer.body).toMatchObject({ type: expect.stringContaining("belongs_elsewhere") });
});

test("an administrator of the installation changes every account, from the organization of either", async () => {
  const { here, userId } = await aSharedAccount();
  const id = await aMemberOf(here);
  await give(id, role);
  const caller = { ...(await callerWith(await aSessionIn(id, here))), request: aRequest() };
  expect(
    await updateUser(caller, userId, { status: "disabled" }, { confirmed: false }),
  ).toMatchObject({ outcome: "updated" });
});
