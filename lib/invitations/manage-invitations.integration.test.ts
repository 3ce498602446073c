import { beforeAll, expect, test } from "vitest";
import { inviteMember, sendInvitationAgain } from "@/lib/authn/invite-member";
import { AccessDenied } from "@/lib/authz/authorize";
import { listInvitations } from "@/lib/invitations/list-invitations";
import { revokeInvitation } from "@/lib/invitations/manage-invitations";
import { purgeInvitations } from "@/lib/invitations/purge-invitations";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest } from "@/tests/support/builders";
import { anAddress, anInvitation } from "@/tests/support/invitations";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { aCallerIn, aMemberHolding, anOrganization } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import { aRole, eventsOf } from "@/tests/support/roles";

const INVITER = {
  view_organization: "all",
  manage_members: "all",
  assign_roles: "all",
  view_invoice: "all",
} as const;
const NOT_FOUND = { outcome: "not-found" };

beforeAll(async () => {
  await aCaller({ roles: ["Admin"] });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });
const invite = (caller: Caller, email: string, roleIds: string[] = []) =>
  inviteMember(caller, caller.principal.organizationId, { email, roleIds });

async function aTeam() {
  const { id } = await anOrganization();
  return { id, inviter: await aCallerIn(id, INVITER) };
}

test("who is invited is mailed a link whose secret is not stored, and it is on record (F82)", async () => {
  const { id, inviter } = await aTeam();
  const role = await aRole({ view_invoice: "all" });
  const caller = again(inviter);
  const email = anAddress();
  const result = await invite(caller, email, [role]);
  expect(result).toMatchObject({
    outcome: "invited",
    invitation: { email, sentCount: 1, invitedBy: inviter.principal.email, roles: [{ id: role }] },
  });
  const [mail] = await mailsTo(email);
  expect(mail).toMatchObject({ kind: "organization-invitation" });
  expect(mail?.text).toContain("Northwind");
  const token = await tokenMailedTo(email);
  const stored = await prisma().$queryRaw<{ row: string }[]>`
    SELECT to_jsonb(i)::text AS row FROM invitations i WHERE email = ${email}`;
  expect(stored[0]?.row).not.toContain(token);
  expect(await eventsOf(caller)).toMatchObject([
    { action: "invitation.created", after: { organizationId: id, email } },
  ]);
});

test("nobody invites with more than they could give, or without the permission (ATK-42)", async () => {
  const { id, inviter } = await aTeam();
  const wider = await aRole({ manage_users: "all" });
  const email = anAddress();
  expect(await invite(again(inviter), email, [wider])).toMatchObject({
    outcome: "rejected",
    reason: "beyond-own-permissions",
    missing: ["manage_users"],
  });
  expect(await invite(again(inviter), email, [newId()])).toEqual({
    outcome: "rejected",
    reason: "unknown-role",
  });
  const foreignRole = await prisma().role.create({
    data: { id: newId(), name: "Theirs", organizationId: (await anOrganization()).id },
  });
  expect(await invite(again(inviter), email, [foreignRole.id])).toMatchObject({
    reason: "unknown-role",
  });
  await expect(invite(await aCallerIn(id, { view_organization: "all" }), email)).rejects.toThrow(
    AccessDenied,
  );
  const noRoles = await aCallerIn(id, { manage_members: "all", view_invoice: "all" });
  const role = await aRole({ view_invoice: "all" });
  await expect(invite(again(noRoles), email, [role])).rejects.toThrow(AccessDenied);
  expect((await invite(again(noRoles), email)).outcome).toBe("invited");
});

test("into another organization nobody invites, and its invitations are not there (ATK-43)", async () => {
  const [mine, other] = [await aTeam(), await aTeam()];
  const theirs = await anInvitation(other.inviter);
  const { inviter } = mine;
  const roleless = { email: anAddress(), roleIds: [] };
  expect(await inviteMember(again(inviter), other.id, roleless)).toEqual(NOT_FOUND);
  for (const place of [mine.id, other.id, "no id"]) {
    expect(await sendInvitationAgain(again(inviter), place, theirs.id)).toEqual(NOT_FOUND);
    expect(await revokeInvitation(again(inviter), place, theirs.id)).toEqual(NOT_FOUND);
  }
  expect(await listInvitations(inviter, other.id, { limit: 5 })).toEqual(NOT_FOUND);
  const list = await listInvitations(inviter, mine.id, { limit: 5 });
  expect(list).toMatchObject({ outcome: "listed", invitations: [] });
  expect(await mailsTo(theirs.email)).toHaveLength(1);
});

test("one invitation an address is open: of ten at once one is made and mailed", async () => {
  const { inviter } = await aTeam();
  const email = anAddress();
  // Fewer than the mails that an address may be sent in an hour.
  const results = await race(5, () => invite(again(inviter), email));
  expect(results.filter(({ outcome }) => outcome === "invited")).toHaveLength(1);
  expect(
    results.filter((r) => r.outcome === "rejected" && r.reason === "already-invited"),
  ).toHaveLength(4);
  expect(await mailsTo(email)).toHaveLength(1);
});

test("a member needs no invitation, and one that has expired makes room for another", async () => {
  const { id, inviter } = await aTeam();
  const member = await aMemberHolding(id, {});
  expect(await invite(again(inviter), member.email)).toEqual({
    outcome: "rejected",
    reason: "already-member",
  });
  const { id: invitationId, email } = await anInvitation(inviter);
  await prisma().invitation.update({
    where: { id: invitationId },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  expect((await invite(again(inviter), email)).outcome).toBe("invited");
  const list = await listInvitations(inviter, id, { limit: 5 });
  expect(list.outcome === "listed" && list.invitations.map((each) => each.email)).toEqual([email]);
});

test("an address is sent a few invitations an hour, and no more", async () => {
  const { id, inviter } = await aTeam();
  const invitation = await anInvitation(inviter);
  for (let count = 0; count < 4; count += 1) {
    expect((await sendInvitationAgain(again(inviter), id, invitation.id)).outcome).toBe("sent");
  }
  expect(await sendInvitationAgain(again(inviter), id, invitation.id)).toMatchObject({
    outcome: "limited",
    retryAfterSeconds: expect.any(Number),
  });
  expect(await mailsTo(invitation.email)).toHaveLength(5);
  const list = await listInvitations(inviter, id, { limit: 5 });
  expect(list).toMatchObject({ invitations: [{ sentCount: 5 }] });
});

test("sent again by somebody who could not give its roles it is not sent (ATK-42)", async () => {
  const { id, inviter } = await aTeam();
  const invitation = await anInvitation(inviter, anAddress(), [
    await aRole({ view_invoice: "all" }),
  ]);
  const lesser = await aCallerIn(id, { manage_members: "all", assign_roles: "all" });
  expect(await sendInvitationAgain(again(lesser), id, invitation.id)).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["view_invoice"],
  });
  expect(await mailsTo(invitation.email)).toHaveLength(1);
});

test("of ten that revoke one at once one does; its list is walked in both directions", async () => {
  const { id, inviter } = await aTeam();
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.unshift((await anInvitation(inviter)).id);
  const results = await race(10, () => revokeInvitation(again(inviter), id, made[0] ?? ""));
  expect(results.filter(({ outcome }) => outcome === "revoked")).toHaveLength(1);
  const seen: string[] = [];
  let [cursor, back]: (string | undefined)[] = [];
  do {
    const page = await listInvitations(inviter, id, { cursor, limit: 2 });
    if (page.outcome !== "listed") throw new Error(page.outcome);
    seen.push(...page.invitations.map((invitation) => invitation.id));
    back = page.previousCursor ?? back;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(made.slice(1));
  const before = await listInvitations(inviter, id, { cursor: back, limit: 2 });
  expect(before).toMatchObject({ invitations: [{ id: made[1] }, { id: made[2] }] });
  expect(await listInvitations(inviter, id, { cursor: "x", limit: 2 })).toMatchObject({
    reason: "unknown-cursor",
  });
});

test("what was over long ago is forgotten", async () => {
  const { inviter } = await aTeam();
  const [old, recent] = [await anInvitation(inviter), await anInvitation(inviter)];
  await prisma().invitation.update({
    where: { id: old.id },
    data: { revokedAt: new Date(Date.now() - 91 * 86_400_000) },
  });
  expect(await purgeInvitations()).toBe(1);
  expect(await prisma().invitation.count({ where: { id: { in: [old.id, recent.id] } } })).toBe(1);
});
