import { beforeAll, describe, expect, test } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import { AccessDenied } from "@/lib/authz/authorize";
import type { Probe } from "@/lib/authz/impact/probe";
import { acceptInvitation } from "@/lib/invitations/accept-invitation";
import { leaveOrganization } from "@/lib/memberships/leave-organization";
import { listMembers } from "@/lib/memberships/list-members";
import { removeMember } from "@/lib/memberships/remove-member";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aUser, callerWith } from "@/tests/support/builders";
import { anInvitation } from "@/tests/support/invitations";
import {
  aCallerIn,
  aMemberHolding,
  anOrganization,
  aSessionIn,
  join,
} from "@/tests/support/organizations";
import { impactOf, toldBy } from "@/tests/support/previews";
import { race } from "@/tests/support/race";
import { aRole, eventsOf, give } from "@/tests/support/roles";
import { aTeam as aTeamOf, putIntoTeam } from "@/tests/support/teams";

const MANAGER = { view_organization: "all", manage_members: "all" } as const;
const NOT_FOUND = { outcome: "not-found" };

beforeAll(async () => {
  await aCaller({ roles: ["Admin"] });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

/** An organization with a manager. */
async function aTeam() {
  const { id } = await anOrganization();
  return { id, manager: await aCallerIn(id, MANAGER) };
}

test("members are listed page by page and searched, in one's own organization only (ATK-43)", async () => {
  const { id, manager } = await aTeam();
  const joined = [manager.principal.userId];
  for (let count = 0; count < 4; count += 1) {
    const user = await aUser({ roles: [] });
    await join(user.id, id);
    joined.unshift(user.id);
  }
  const seen: string[] = [];
  let [cursor, back]: (string | undefined)[] = [];
  do {
    const page = await listMembers(manager, id, {}, { cursor, limit: 2 });
    if (page.outcome !== "listed") throw new Error(page.outcome);
    seen.push(...page.members.map(({ userId }) => userId));
    back = page.previousCursor ?? undefined;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(joined);
  const before = await listMembers(manager, id, {}, { cursor: back, limit: 2 });
  expect(before.outcome === "listed" && before.members.map(({ userId }) => userId)).toEqual(
    joined.slice(2, 4),
  );
  const found = await listMembers(manager, id, { q: manager.principal.email }, { limit: 5 });
  expect(found.outcome === "listed" && found.members).toMatchObject([
    { userId: manager.principal.userId, roles: [{ name: expect.stringContaining("Role") }] },
  ]);
  const other = await aTeam();
  expect(await listMembers(manager, other.id, {}, { limit: 5 })).toEqual(NOT_FOUND);
  expect(await listMembers(manager, id, {}, { cursor: "x", limit: 5 })).toMatchObject({
    reason: "unknown-cursor",
  });
  await expect(listMembers(await aCallerIn(id, {}), id, {}, { limit: 5 })).rejects.toThrow(
    AccessDenied,
  );
});

test("who is taken out loses sessions, tokens and roles there, keeps the rest, and begins anew (F81)", async () => {
  const { id, manager } = await aTeam();
  const member = await aMemberHolding(id, { view_organization: "all" });
  const { defaultOrganizationId: home } = await prisma().instance.findFirstOrThrow();
  const [there, here] = [await aSessionIn(member.id, id), await aSessionIn(member.id, home)];
  for (const organizationId of [id, home]) {
    await prisma().personalToken.create({
      data: {
        userId: member.id,
        organizationId,
        name: "CI",
        tokenHash: Buffer.from(newId()),
        scopes: ["api:read"],
        acr: "urn:gatehouse:aal1",
        expiresAt: new Date(Date.now() + 1e6),
      },
    });
  }
  const caller = again(manager);
  expect(await removeMember(caller, id, member.id)).toEqual({
    outcome: "removed",
    email: member.email,
  });
  expect(await findPrincipal(there)).toBeNull();
  expect((await findPrincipal(here))?.organizationId).toBe(home);
  const tokens = await prisma().personalToken.findMany({ where: { userId: member.id } });
  expect(tokens.map(({ organizationId }) => organizationId)).toEqual([home]);
  expect(await prisma().userRole.count({ where: { userId: member.id } })).toBe(0);
  expect((await eventsOf(caller)).map(({ action }) => action)).toEqual([
    "personal_token.revoked",
    "session.revoked",
    "membership.removed",
  ]);
  await join(member.id, id);
  expect(await findPrincipal(there)).toBeNull();
});

test.each(["removed", "left"])("who is %s comes back by no invitation from before", async (end) => {
  const { id, manager } = await aTeam();
  const [member, bystander] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
  const { token } = await anInvitation(again(manager), member.email);
  const other = await anInvitation(again(manager), bystander.email);
  const elsewhere = await anInvitation((await aTeam()).manager, member.email);
  // Came by another way, and has the link still.
  await join(member.id, id);
  const caller = await callerWith(await aSessionIn(member.id, id));
  const ended =
    end === "left" ? leaveOrganization(caller, id) : removeMember(manager, id, member.id);
  expect((await ended).outcome).toBe(end);
  const { defaultOrganizationId: home } = await prisma().instance.findFirstOrThrow();
  const later = await callerWith(await aSessionIn(member.id, home));
  expect(await acceptInvitation(later, token)).toEqual({ outcome: "rejected", reason: "revoked" });
  expect(
    await prisma().membership.count({ where: { userId: member.id, organizationId: id } }),
  ).toBe(0);
  const open = await prisma().invitation.findMany({
    where: { id: { in: [other.id, elsewhere.id] }, revokedAt: null },
  });
  expect(open).toHaveLength(2);
  const events = await eventsOf(end === "left" ? caller : manager);
  expect(events.map(({ action }) => action)).toContain("invitation.revoked");
});

test("of ten that take one member out at once one does, with one event", async () => {
  const { id, manager } = await aTeam();
  const member = await aMemberHolding(id, {});
  const results = await race(10, () => removeMember(again(manager), id, member.id));
  expect(results.filter(({ outcome }) => outcome === "removed")).toHaveLength(1);
  const events = await prisma().auditEvent.count({
    where: { action: "membership.removed", targetId: member.id },
  });
  expect(events).toBe(1);
});

test("nobody takes out whoever is above them there, or on the whole instance (ATK-42)", async () => {
  const { id, manager } = await aTeam();
  const above = await aMemberHolding(id, { view_users: "all" });
  const everywhere = await aUser({ roles: ["Admin"] });
  await join(everywhere.id, id);
  for (const { id: userId } of [above, everywhere]) {
    expect(await removeMember(again(manager), id, userId)).toMatchObject({
      outcome: "rejected",
      reason: "beyond-own-permissions",
    });
  }
  // What they are in another organization does not keep them in this one.
  const elsewhere = await anOrganization();
  const busy = await aMemberHolding(id, {});
  await join(busy.id, elsewhere.id);
  await give(busy.id, await aRole({ view_users: "all" }), { organizationId: elsewhere.id });
  expect((await removeMember(again(manager), id, busy.id)).outcome).toBe("removed");
});

test("who manages members elsewhere, or does not, takes nobody out here (ATK-43)", async () => {
  const { id } = await aTeam();
  const other = await aTeam();
  const member = await aMemberHolding(id, {});
  expect(await removeMember(again(other.manager), id, member.id)).toEqual(NOT_FOUND);
  expect(await removeMember(again(other.manager), other.id, member.id)).toEqual(NOT_FOUND);
  expect(await removeMember(again(other.manager), other.id, "no id")).toEqual(NOT_FOUND);
  const viewer = await aCallerIn(id, { view_organization: "all" });
  await expect(removeMember(viewer, id, member.id)).rejects.toThrow(AccessDenied);
  expect(await prisma().membership.count({ where: { userId: member.id } })).toBe(2);
});

test("nobody is taken out of their only organization, and nobody takes out themselves", async () => {
  const { id, manager } = await aTeam();
  const member = await aMemberHolding(id, {});
  await prisma().membership.deleteMany({
    where: { userId: member.id, organizationId: { not: id } },
  });
  expect(await removeMember(again(manager), id, member.id)).toEqual({
    outcome: "rejected",
    reason: "only-membership",
  });
  expect(await removeMember(again(manager), id, manager.principal.userId)).toEqual({
    outcome: "rejected",
    reason: "self",
  });
});

test("leaving says first what one would lose and which sessions end, and leaves nothing", async () => {
  const { id, manager } = await aTeam();
  const member = await aCallerIn(id, { view_invoice: "all" });
  const { userId } = member.principal;
  const leave = (probe?: Probe) => leaveOrganization(again(member), id, probe);
  const impact = await impactOf(member, leave, [userId]);
  expect(
    impact.own.map(({ permissionKey, difference }) => `${difference} ${permissionKey}`),
  ).toEqual(["lost view_invoice"]);
  expect(impact).toMatchObject({ people: 1, losing: 1, ended: 1, foretold: null });
  expect(await prisma().membership.count({ where: { userId, organizationId: id } })).toBe(1);
  // The refusal of the save is that of the preview.
  const last = await previewChange(
    manager,
    (probe) => leaveOrganization(again(manager), id, probe),
    {
      userIds: [manager.principal.userId],
    },
  );
  expect(last).toMatchObject({ outcome: "rejected", reason: "last-administrator" });
  expect(await leave()).toEqual({ outcome: "left" });
});

test("one leaves by oneself, unless nobody could manage members any more (ATK-44)", async () => {
  const { id, manager } = await aTeam();
  expect(await leaveOrganization(again(manager), id)).toEqual({
    outcome: "rejected",
    reason: "last-administrator",
  });
  const second = await aCallerIn(id, MANAGER);
  // Each leaves the other as the last: of two at once one goes.
  const results = await Promise.all(
    [manager, second].map((caller) => leaveOrganization(again(caller), id)),
  );
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(["left", "rejected"]);
  const member = await aCallerIn(id, {});
  const caller = again(member);
  expect(await leaveOrganization(caller, id)).toEqual({ outcome: "left" });
  expect(await leaveOrganization(again(member), id)).toEqual(NOT_FOUND);
  expect((await eventsOf(caller)).map(({ action }) => action)).toEqual([
    "session.revoked",
    "membership.left",
  ]);
});

test("leaving takes a fresh proof, and the last organization is not left", async () => {
  const { id } = await aTeam();
  const member = await aMemberHolding(id, {});
  const cookie = await aSessionIn(member.id, id);
  await prisma().session.updateMany({
    where: { userId: member.id },
    data: { authTime: new Date(Date.now() - 3_600_000) },
  });
  const stale = await callerWith(cookie);
  await expect(leaveOrganization(stale, id)).rejects.toThrow(AssuranceInsufficient);
  const caller = await callerWith(await aSessionIn(member.id, id));
  await prisma().membership.deleteMany({
    where: { userId: member.id, organizationId: { not: id } },
  });
  expect(await leaveOrganization(caller, id)).toEqual({
    outcome: "rejected",
    reason: "only-membership",
  });
});

test("before a member is taken out, what they would lose here is told, and nothing is ended", async () => {
  const { id } = await anOrganization();
  const author = await aCallerIn(id, { ...MANAGER, view_users: "all" });
  const member = await aMemberHolding(id, { view_organization: "all" });
  const cookie = await aSessionIn(member.id, id);
  const remove = (probe?: Probe) => removeMember(author, id, member.id, probe);
  const impact = await impactOf(author, remove, [member.id]);
  expect(toldBy(impact)).toEqual({ [member.id]: ["lost view_organization"] });
  expect(impact).toMatchObject({ people: 1, losing: 1, sessions: 0, ended: 1 });
  expect(await findPrincipal(cookie)).not.toBeNull();
  expect((await remove()).outcome).toBe("removed");
  expect(await previewChange(author, (probe) => removeMember(author, id, newId(), probe))).toEqual(
    NOT_FOUND,
  );
});

describe("who manages members last does not leave", () => {
  const REFUSED = { outcome: "rejected", reason: "last-administrator" };
  const OTHERS = { outcome: "left" };

  test("while another's right ends by itself (ATK-44)", async () => {
    const { id, manager } = await aTeam();
    const timed = await aMemberHolding(id, {});
    const grant = { organizationId: id, expiresAt: new Date(Date.now() + 60_000) };
    await prisma().userRole.create({
      data: { userId: timed.id, roleId: await aRole(MANAGER), ...grant },
    });
    expect(await leaveOrganization(again(manager), id)).toEqual(REFUSED);
    await prisma().userRole.updateMany({ where: { userId: timed.id }, data: { expiresAt: null } });
    expect(await leaveOrganization(again(manager), id)).toEqual(OTHERS);
  });

  test.each(["a team", "a team above theirs", "a role that theirs inherits"])(
    "whose right comes by %s, nor is anybody kept by one who has it so (ATK-44)",
    async (path) => {
      const { id, manager } = await aTeam();
      const other = await aMemberHolding(id, {});
      const roleId = await aRole(MANAGER);
      if (path.startsWith("a role")) {
        const heir = await aRole({});
        await prisma().roleInheritance.create({
          data: { roleId: heir, inheritedRoleId: roleId },
        });
        await give(other.id, heir, { organizationId: id });
      } else {
        const above = await aTeamOf({ organizationId: id, roles: [roleId] });
        const team = path.includes("above")
          ? await aTeamOf({ organizationId: id, parentId: above })
          : above;
        await putIntoTeam(team, other.id, id);
      }
      expect(await leaveOrganization(again(manager), id)).toEqual(OTHERS);
      const last = await callerWith(await aSessionIn(other.id, id));
      expect(await leaveOrganization(last, id)).toEqual(REFUSED);
    },
  );
});
