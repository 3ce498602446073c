import { beforeAll, expect, test } from "vitest";
import { sendInvitationAgain } from "@/lib/authn/invite-member";
import { acceptInvitation, inspectInvitation } from "@/lib/invitations/accept-invitation";
import { revokeInvitation } from "@/lib/invitations/manage-invitations";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { anInvitation } from "@/tests/support/invitations";
import { tokenMailedTo } from "@/tests/support/mailbox";
import { aCallerIn, anOrganization } from "@/tests/support/organizations";
import { aPolicy } from "@/tests/support/policies";
import { race } from "@/tests/support/race";
import { aRole, eventsOf, give } from "@/tests/support/roles";

const INVITER = {
  view_organization: "all",
  manage_members: "all",
  assign_roles: "all",
  view_invoice: "all",
} as const;

let organizationId: string;
let inviter: Caller;
let viewer: string;

beforeAll(async () => {
  await aCaller({ roles: ["Admin"] });
  organizationId = (await anOrganization()).id;
  inviter = await aCallerIn(organizationId, INVITER);
  viewer = await aRole({ view_invoice: "all" });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

/** Somebody who is invited, signed in elsewhere. */
async function anInvitee(roleIds: string[] = []) {
  const user = await aUser({ roles: [] });
  const invitation = await anInvitation(inviter, user.email, roleIds);
  return { user, invitation, caller: await callerOf(user.id) };
}

const isMember = async (userId: string): Promise<boolean> =>
  (await prisma().membership.count({ where: { userId, organizationId } })) === 1;

test("the invited user becomes a member with the roles of the invitation, there alone (F82)", async () => {
  const { user, invitation, caller } = await anInvitee([viewer]);
  expect(await inspectInvitation(invitation.token, caller.principal)).toMatchObject({
    state: "pending",
    standing: "theirs",
    organizationName: "Northwind",
  });
  const result = await acceptInvitation(caller, invitation.token);
  expect(result).toMatchObject({ outcome: "accepted", organizationId });
  expect(await isMember(user.id)).toBe(true);
  const grants = await prisma().userRole.findMany({ where: { userId: user.id } });
  expect(grants).toMatchObject([
    { roleId: viewer, organizationId, grantedById: inviter.principal.userId },
  ]);
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "invitation.accepted",
      actorId: user.id,
      targetId: invitation.id,
      after: { organizationId, withheldRoleIds: [] },
    },
  ]);
});

test("the address counts in its canonical form, whatever the case it was invited in (ATK-47)", async () => {
  const user = await aUser({ roles: [] });
  const { Email } = await import("@/lib/shared/email.schema");
  const invitation = await anInvitation(inviter, Email.parse(user.email.toUpperCase()));
  const result = await acceptInvitation(await callerOf(user.id), invitation.token);
  expect(result.outcome).toBe("accepted");
});

type Case = [
  name: string,
  spoil: (given: Awaited<ReturnType<typeof anInvitee>>) => Promise<unknown>,
  reason: string,
];

const CASES: Case[] = [
  [
    "an address that nobody has verified",
    ({ user }) => prisma().user.update({ where: { id: user.id }, data: { emailVerified: null } }),
    "unverified",
  ],
  [
    "another account",
    ({ user }) =>
      prisma().user.update({ where: { id: user.id }, data: { email: `not-${user.email}` } }),
    "other-account",
  ],
  [
    "an invitation that was revoked",
    ({ invitation }) => revokeInvitation(again(inviter), organizationId, invitation.id),
    "revoked",
  ],
  [
    "an invitation that has expired",
    ({ invitation }) =>
      prisma().invitation.update({
        where: { id: invitation.id },
        data: { expiresAt: new Date(Date.now() - 1_000) },
      }),
    "expired",
  ],
  [
    "an invitation that was accepted",
    ({ caller, invitation }) => acceptInvitation(caller, invitation.token),
    "used",
  ],
  [
    "a link that was replaced by a newer one",
    ({ invitation }) => sendInvitationAgain(again(inviter), organizationId, invitation.id),
    "unknown",
  ],
];

test.each(CASES)("%s opens nothing (ATK-47)", async (_name, spoil, reason) => {
  const given = await anInvitee([viewer]);
  await spoil(given);
  const members = await isMember(given.user.id);
  const request = again(given.caller);
  expect(await acceptInvitation(request, given.invitation.token)).toEqual({
    outcome: "rejected",
    reason,
  });
  expect(await isMember(given.user.id)).toBe(members);
  expect(await eventsOf(request)).toEqual([]);
});

test.each([newSecret(), "", "x", null, 7])(
  "what is no secret of ours opens nothing: %j",
  async (token) => {
    const caller = await aCaller({ roles: [] });
    expect(await acceptInvitation(caller, token)).toEqual({
      outcome: "rejected",
      reason: "unknown",
    });
    expect(await inspectInvitation(token, null)).toEqual({ state: "unknown" });
  },
);

test("the newest link works after it was sent again", async () => {
  const { caller, invitation, user } = await anInvitee();
  await sendInvitationAgain(again(inviter), organizationId, invitation.id);
  const result = await acceptInvitation(caller, await tokenMailedTo(user.email));
  expect(result.outcome).toBe("accepted");
});

test("of fifty that accept one invitation at once one does, with one event (ATK-47)", async () => {
  const { user, caller, invitation } = await anInvitee([viewer]);
  const results = await race(50, () => acceptInvitation(again(caller), invitation.token));
  expect(results.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
  expect(results.filter((r) => r.outcome === "rejected" && r.reason === "used")).toHaveLength(49);
  expect(await prisma().userRole.count({ where: { userId: user.id } })).toBe(1);
  const events = await prisma().auditEvent.count({
    where: { action: "invitation.accepted", targetId: invitation.id },
  });
  expect(events).toBe(1);
});

test("accepting and revoking at once: one of both happens, never both (ATK-47)", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { user, caller, invitation } = await anInvitee();
    const [accepted, revoked] = await Promise.all([
      acceptInvitation(caller, invitation.token),
      revokeInvitation(again(inviter), organizationId, invitation.id),
    ]);
    expect(accepted.outcome === "accepted").toBe(revoked.outcome === "not-found");
    expect(await isMember(user.id)).toBe(accepted.outcome === "accepted");
  }
});

/** Somebody who may invite, and whom they have invited. */
async function aPair(roleIds: (keyof typeof INVITER)[] = []) {
  const author = await aCallerIn(organizationId, INVITER);
  const role = await aRole(Object.fromEntries(roleIds.map((key) => [key, "all"])));
  const user = await aUser({ roles: [] });
  const invitation = await anInvitation(author, user.email, [role]);
  return { author, role, user, invitation, caller: await callerOf(user.id) };
}

test.each([
  [
    "disabled",
    (userId: string) =>
      prisma().user.update({ where: { id: userId }, data: { status: "disabled" } }),
  ],
  ["demoted", (userId: string) => prisma().userRole.deleteMany({ where: { userId } })],
  [
    "no member any more",
    (userId: string) => prisma().membership.deleteMany({ where: { userId, organizationId } }),
  ],
  ["deleted", (userId: string) => prisma().user.delete({ where: { id: userId } })],
])(
  "an invitation dies with the authority behind it: its author is %s (ATK-42)",
  async (_name, spoil) => {
    const { author, user, invitation, caller } = await aPair(["view_invoice"]);
    await spoil(author.principal.userId);
    expect(await acceptInvitation(caller, invitation.token)).toEqual({
      outcome: "rejected",
      reason: "withdrawn",
    });
    expect(await isMember(user.id)).toBe(false);
  },
);

test("an invitation that somebody sends again holds by their authority from then on", async () => {
  const { author, invitation, caller, user } = await aPair(["view_invoice"]);
  await prisma().user.update({
    where: { id: author.principal.userId },
    data: { status: "disabled" },
  });
  const sent = await sendInvitationAgain(again(inviter), organizationId, invitation.id);
  expect(sent.outcome).toBe("sent");
  const result = await acceptInvitation(caller, await tokenMailedTo(user.email));
  expect(result.outcome).toBe("accepted");
});

test("a role that has become wider than its giver is not given, and that is on record (ATK-42)", async () => {
  const { role, user, invitation, caller } = await aPair(["view_invoice"]);
  const permission = await prisma().permission.findUniqueOrThrow({
    where: { key: "manage_users" },
  });
  await prisma().rolePermission.create({ data: { roleId: role, permissionId: permission.id } });
  expect(await acceptInvitation(caller, invitation.token)).toMatchObject({
    outcome: "accepted",
    roles: [],
  });
  expect(await isMember(user.id)).toBe(true);
  expect(await prisma().userRole.count({ where: { userId: user.id } })).toBe(0);
  expect(await eventsOf(caller)).toMatchObject([{ after: { withheldRoleIds: [role] } }]);
});

test("a role that has come to inherit more than its giver holds is not given (ATK-42)", async () => {
  const { role, user, invitation, caller } = await aPair(["view_invoice"]);
  const inherited = await aRole({ manage_users: "all" });
  await prisma().roleInheritance.create({ data: { roleId: role, inheritedRoleId: inherited } });
  expect(await acceptInvitation(caller, invitation.token)).toMatchObject({
    outcome: "accepted",
    roles: [],
  });
  expect(await prisma().userRole.count({ where: { userId: user.id } })).toBe(0);
});

test("a role that gives what its giver has been denied meanwhile is not given (ATK-42)", async () => {
  const { id } = await anOrganization();
  const denied = await aCallerIn(id, INVITER);
  const user = await aUser({ roles: [] });
  const invitation = await anInvitation(denied, user.email, [viewer]);
  const condition = { kind: "user", ids: [denied.principal.userId] };
  await aPolicy(["view_invoice"], { organizationId: id, condition });
  expect(await acceptInvitation(await callerOf(user.id), invitation.token)).toMatchObject({
    outcome: "accepted",
    roles: [],
  });
});

test("who may invite but give no roles any more gives none (ATK-42)", async () => {
  const { author, user, invitation, caller } = await aPair(["view_invoice"]);
  await prisma().userRole.deleteMany({ where: { userId: author.principal.userId } });
  await give(author.principal.userId, await aRole({ manage_members: "all", view_invoice: "all" }), {
    organizationId,
  });
  expect(await acceptInvitation(caller, invitation.token)).toMatchObject({
    outcome: "accepted",
    roles: [],
  });
  expect(await prisma().userRole.count({ where: { userId: user.id } })).toBe(0);
});

test("a page for another account, or nobody, uses nothing up", async () => {
  const { invitation, caller } = await anInvitee();
  const stranger = await aCaller({ roles: [] });
  expect(await inspectInvitation(invitation.token, stranger.principal)).toMatchObject({
    standing: "other-account",
  });
  expect(await inspectInvitation(invitation.token, null)).toMatchObject({ standing: "signed-out" });
  expect(await acceptInvitation(stranger, invitation.token)).toEqual({
    outcome: "rejected",
    reason: "other-account",
  });
  expect((await acceptInvitation(caller, invitation.token)).outcome).toBe("accepted");
});

test("no app and no token accepts in somebody's place", async () => {
  const { invitation, caller } = await anInvitee();
  for (const means of ["app", "personal-token"] as const) {
    const principal = { ...caller.principal, means };
    await expect(acceptInvitation({ ...caller, principal }, invitation.token)).rejects.toThrow(
      TokenInsufficient,
    );
  }
});
