import { beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { createTeam } from "@/lib/teams/create-team";
import { deleteTeam } from "@/lib/teams/delete-team";
import { describeTeam } from "@/lib/teams/describe-team";
import {
  findTeam,
  listTeamMembers,
  listTeamRoles,
  listTeams,
  readTeamTree,
} from "@/lib/teams/list-teams";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { aCaller, anInstance, aUser, callerOf } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, aUserHolding, eventsOf, type Grants } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";
import { aTeam } from "@/tests/support/teams";

let admin: Caller;
const terms = { expectedVersion: null, confirmed: false };
const MANAGES: Grants = { manage_teams: "all", view_teams: "all", view_invoice: "all" };

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});

const aDelegate = () => aCallerHolding(MANAGES);
const nameOf = () => `Team ${newId()}`;
const parentOf = async (id: string) =>
  (await prisma().team.findUniqueOrThrow({ where: { id } })).parentId;
const membersOf = async (teamId: string) =>
  (await prisma().teamMembership.findMany({ where: { teamId } })).map(({ userId }) => userId);
const rolesOf = async (teamId: string) =>
  (await prisma().teamRole.findMany({ where: { teamId } })).map(({ roleId }) => roleId);

describe("a team (F87)", () => {
  test("is created, described, moved and deleted, each with its event", async () => {
    const caller = await aCaller({ roles: ["Admin"] });
    const above = await aTeam();
    const name = nameOf();
    const created = await createTeam(caller, { name, description: "", parentId: above });
    if (created.outcome !== "created") throw new Error(created.reason);
    const { id } = created.team;
    expect(created.team).toMatchObject({ name, parentId: above, version: 1, memberCount: 0 });
    expect(await describeTeam(caller, id, { description: "Ours" }, 1)).toMatchObject({
      outcome: "changed",
      team: { name, description: "Ours", version: 2 },
    });
    expect(await describeTeam(caller, id, { name: "Late" }, 1)).toMatchObject({
      reason: "stale",
      version: 2,
    });
    expect(await moveTeam(caller, id, null, { ...terms, expectedVersion: 2 })).toMatchObject({
      outcome: "changed",
      team: { parentId: null, version: 3 },
    });
    expect((await deleteTeam(caller, id, { ...terms, expectedVersion: 2 })).outcome).toBe(
      "rejected",
    );
    expect(await deleteTeam(caller, id, { ...terms, expectedVersion: 3 })).toEqual({
      outcome: "deleted",
    });
    expect((await eventsOf(caller)).map(({ action, targetId }) => [action, targetId])).toEqual([
      ["team.created", id],
      ["team.updated", id],
      ["team.moved", id],
      ["team.deleted", id],
    ]);
  });

  test("has a name that no other of the organization has, in whatever letters", async () => {
    const name = nameOf();
    const created = await createTeam(admin, { name, description: "", parentId: null });
    expect(created.outcome).toBe("created");
    const again = { name: name.toUpperCase(), description: "", parentId: null };
    expect(await createTeam(admin, again)).toMatchObject({ reason: "name-taken" });
    expect(await describeTeam(admin, await aTeam(), { name }, null)).toMatchObject({
      reason: "name-taken",
    });
    const results = await race(8, () =>
      createTeam(admin, { name: `${name} 2`, description: "", parentId: null }),
    );
    expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
  });

  test("that has teams within it is not deleted", async () => {
    const above = await aTeam();
    const within = await aTeam({ parentId: above });
    expect(await deleteTeam(admin, above, terms)).toMatchObject({ reason: "has-teams" });
    await deleteTeam(admin, within, terms);
    expect(await deleteTeam(admin, above, terms)).toEqual({ outcome: "deleted" });
  });

  test("has members of the organization alone, and each once", async () => {
    const team = await aTeam();
    const user = await aUser({ roles: [] });
    const stranger = await aForeignCaller([]);
    await prisma().membership.deleteMany({
      where: {
        userId: stranger.principal.userId,
        NOT: { organizationId: stranger.principal.organizationId },
      },
    });
    for (const id of [stranger.principal.userId, newId(), "\u0000"]) {
      expect(await addTeamMember(admin, team, id)).toMatchObject({ reason: "unknown-user" });
    }
    const caller = await aCaller({ roles: ["Admin"] });
    const results = await race(8, () => addTeamMember(caller, team, user.id));
    expect(results.filter((it) => it.outcome === "done" && it.changed)).toHaveLength(1);
    expect(await membersOf(team)).toEqual([user.id]);
    await removeTeamMember(caller, team, user.id, terms);
    expect(await removeTeamMember(caller, team, user.id, terms)).toMatchObject({ changed: false });
    expect((await eventsOf(caller)).map(({ action }) => action)).toEqual([
      "team.member_added",
      "team.member_removed",
    ]);
  });

  test("has each role once, with the time that was said last", async () => {
    const team = await aTeam();
    const role = await aRole({ view_invoice: "all" });
    const soon = new Date(Date.now() + 60_000);
    const caller = await aCaller({ roles: ["Admin"] });
    for (const [expiresAt, changed] of [
      [null, true],
      [null, false],
      [soon, true],
    ] as const) {
      const result = await giveTeamRole(caller, team, { roleId: role, expiresAt });
      expect(result).toEqual({ outcome: "done", changed });
    }
    const past = { roleId: role, expiresAt: new Date(Date.now() - 1_000) };
    expect(await giveTeamRole(caller, team, past)).toMatchObject({ reason: "past" });
    expect(await listTeamRoles(caller, team)).toMatchObject([
      { roleId: role, teamId: team, expiresAt: soon, gives: ["view_invoice"] },
    ]);
    expect(await takeTeamRole(caller, team, role, terms)).toMatchObject({ changed: true });
    expect(await takeTeamRole(caller, team, role, terms)).toMatchObject({ changed: false });
    expect((await eventsOf(caller)).map(({ action }) => action)).toEqual([
      "team.role_granted",
      "team.role_granted",
      "team.role_removed",
    ]);
  });

  test("is listed by name in pages, and as a tree in which each follows what it is within", async () => {
    const above = await aTeam();
    const within = await aTeam({ parentId: above });
    const innermost = await aTeam({ parentId: within });
    const tree = await readTeamTree(admin);
    const at = tree.findIndex(({ id }) => id === above);
    expect(tree.slice(at, at + 3).map(({ id, depth }) => [id, depth])).toEqual([
      [above, 0],
      [within, 1],
      [innermost, 2],
    ]);
    expect((await findTeam(admin, innermost))?.lineage.map(({ id }) => id)).toEqual([
      above,
      within,
    ]);
    const met: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listTeams(admin, { limit: 2, cursor });
      if (page.outcome !== "listed") throw new Error(page.reason);
      met.push(...page.teams.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(met.toSorted()).toEqual(tree.map(({ id }) => id).toSorted());
  });

  test("has its members read onwards and back", async () => {
    const people = await Promise.all([1, 2, 3, 4, 5].map(() => aUser({ roles: [] })));
    const team = await aTeam({ members: people.map(({ id }) => id) });
    const page = async (cursor?: string) => {
      const read = await listTeamMembers(admin, team, { limit: 2, cursor });
      if (read.outcome !== "listed") throw new Error(read.outcome);
      return { ...read, ids: read.members.map(({ userId }) => userId) };
    };
    const first = await page();
    const second = await page(first.nextCursor ?? "");
    const third = await page(second.nextCursor ?? "");
    expect([...first.ids, ...second.ids, ...third.ids].toSorted()).toEqual(
      people.map(({ id }) => id).toSorted(),
    );
    expect([first.previousCursor, third.nextCursor]).toEqual([null, null]);
    expect((await page(third.previousCursor ?? "")).ids).toEqual(second.ids);
    expect((await page(second.previousCursor ?? "")).ids).toEqual(first.ids);
  });

  test("of another organization does not exist (ATK-43)", async () => {
    const stranger = await aForeignCaller(["Admin"]);
    const { id } = await aUser({ roles: [] });
    const team = await aTeam();
    expect(await findTeam(stranger, team)).toBeNull();
    expect(await listTeamRoles(stranger, team)).toBeNull();
    for (const result of [
      await describeTeam(stranger, team, { name: nameOf() }, null),
      await moveTeam(stranger, team, null, terms),
      await deleteTeam(stranger, team, terms),
      await addTeamMember(stranger, team, id),
      await removeTeamMember(stranger, team, id, terms),
      await giveTeamRole(stranger, team, { roleId: newId(), expiresAt: null }),
      await takeTeamRole(stranger, team, newId(), terms),
    ]) {
      expect(result).toEqual({ outcome: "not-found" });
    }
    const own = { name: nameOf(), description: "", parentId: team };
    expect(await createTeam(stranger, own)).toMatchObject({ reason: "unknown-parent" });
  });
});

describe("two at once", () => {
  test("of two moves that would close a cycle together one wins, and the other is a refusal", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = [await aTeam(), await aTeam()];
      const results = await race(2, (index) =>
        index === 0 ? moveTeam(admin, one, other, terms) : moveTeam(admin, other, one, terms),
      );
      expect(results.map((it) => ("reason" in it ? it.reason : it.outcome)).toSorted()).toEqual([
        "changed",
        "within-itself",
      ]);
      const parents = [await parentOf(one), await parentOf(other)];
      expect(parents.filter((parent) => parent === null)).toHaveLength(1);
    }
  });

  test("a team is never within itself: not outright, not at a distance, not by SQL", async () => {
    const above = await aTeam();
    const within = await aTeam({ parentId: await aTeam({ parentId: above }) });
    for (const parentId of [above, within]) {
      expect(await moveTeam(admin, above, parentId, terms)).toMatchObject({
        reason: "within-itself",
      });
    }
    await expect(
      prisma().$executeRaw`UPDATE teams SET parent_id = ${within}::uuid WHERE id = ${above}::uuid`,
    ).rejects.toThrow("within itself");
    expect(await parentOf(above)).toBeNull();
  });

  test("whoever loses the right meanwhile changes nothing (ATK-44)", async () => {
    const user = await aUserHolding(MANAGES);
    const caller = await callerOf(user.id);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    // What the request was admitted with is older than what is asked in the transaction.
    const rejected = createTeam(caller, { name: nameOf(), description: "", parentId: null });
    expect(await rejected).toMatchObject({ reason: "beyond-own-permissions" });
  });
});

describe("nobody passes on more than they hold (ATK-42)", () => {
  test("without the permission nothing is seen or changed", async () => {
    const caller = await aCallerHolding({ view_invoice: "all" });
    const team = await aTeam();
    await expect(readTeamTree(caller)).rejects.toThrow(AccessDenied);
    await expect(addTeamMember(caller, team, caller.principal.userId)).rejects.toThrow(
      AccessDenied,
    );
    expect(await membersOf(team)).toEqual([]);
  });

  test("a role that gives more is not given, nor is one that inherits more", async () => {
    const delegate = await aDelegate();
    const team = await aTeam();
    const [within, beyond, heir] = [
      await aRole({ view_invoice: "all" }),
      await aRole({ view_users: "all" }),
      await aRole({}),
    ];
    await prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: beyond } });
    for (const roleId of [beyond, heir]) {
      expect(await giveTeamRole(delegate, team, { roleId, expiresAt: null })).toMatchObject({
        reason: "beyond-own-permissions",
        missing: ["view_users"],
      });
    }
    expect(await giveTeamRole(delegate, team, { roleId: within, expiresAt: null })).toMatchObject({
      outcome: "done",
    });
    expect(await rolesOf(team)).toEqual([within]);
  });

  test("a team under one that gives more takes no member, no role, no name and no place from them", async () => {
    const delegate = await aDelegate();
    const above = await aTeam({ roles: [await aRole({ view_users: "all" })] });
    const team = await aTeam({ parentId: above });
    const own = await aTeam();
    const user = await aUser({ roles: [] });
    for (const result of [
      await addTeamMember(delegate, team, user.id),
      await addTeamMember(delegate, team, delegate.principal.userId),
      await giveTeamRole(delegate, team, { roleId: await aRole({}), expiresAt: null }),
      await describeTeam(delegate, team, { name: nameOf() }, null),
      await moveTeam(delegate, team, null, terms),
      await moveTeam(delegate, own, above, terms),
      await moveTeam(delegate, own, team, terms),
      await deleteTeam(delegate, team, terms),
      await createTeam(delegate, { name: nameOf(), description: "", parentId: team }),
    ]) {
      expect(result).toMatchObject({ reason: "beyond-own-permissions" });
    }
    expect(await membersOf(team)).toEqual([]);
    expect([await parentOf(team), await parentOf(own)]).toEqual([above, null]);
  });

  test("somebody above them is neither put into a team nor reached by a change of one", async () => {
    const delegate = await aDelegate();
    const { id: above } = await aUser({ roles: ["Admin"] });
    const team = await aTeam();
    expect(await addTeamMember(delegate, team, above)).toMatchObject({
      reason: "beyond-own-permissions",
    });
    const role = await aRole({ view_invoice: "all" });
    const with_ = await aTeam({ parentId: await aTeam(), members: [above] });
    const outer = await parentOf(with_);
    for (const result of [
      await giveTeamRole(delegate, with_, { roleId: role, expiresAt: null }),
      await giveTeamRole(delegate, outer ?? "", { roleId: role, expiresAt: null }),
      await moveTeam(delegate, with_, null, terms),
      await deleteTeam(delegate, with_, terms),
      await removeTeamMember(delegate, with_, above, terms),
    ]) {
      expect(result).toMatchObject({ reason: "beyond-own-permissions" });
    }
    expect(await membersOf(with_)).toEqual([above]);
  });

  test("what a condition or a policy decides by a team is passed on with it", async () => {
    const delegate = await aDelegate();
    const user = await aUser({ roles: [] });
    const [outer, bound] = [await aTeam(), await aTeam()];
    const team = await aTeam({ parentId: outer });
    const conditional = await aRole({ delete_invoice: "all" });
    await prisma().rolePermission.updateMany({
      where: { roleId: conditional },
      data: { condition: { kind: "not", condition: { kind: "team", ids: [outer] } } },
    });
    expect(await addTeamMember(delegate, team, user.id)).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["delete_invoice"],
    });
    const policy = newId();
    await prisma().policy.create({
      data: {
        id: policy,
        name: policy,
        versions: {
          create: {
            number: 1,
            effect: "allow",
            permissions: ["view_users"],
            condition: { kind: "team", ids: [bound] },
          },
        },
      },
    });
    expect((await addTeamMember(delegate, bound, user.id)).outcome).toBe("done");
    await prisma().policy.update({ where: { id: policy }, data: { activeNumber: 1 } });
    expect(await addTeamMember(delegate, bound, delegate.principal.userId)).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["view_users"],
    });
    await prisma().policy.delete({ where: { id: policy } });
    await prisma().role.delete({ where: { id: conditional } });
  });

  test("whoever would lose something themselves says first that they mean to (ATK-44)", async () => {
    const everything = await prisma().permission.findMany();
    const role = await aRole(
      Object.fromEntries(everything.map(({ key }) => [key, "all" as const])),
    );
    const user = await aUser({ roles: [] });
    const team = await aTeam({ roles: [role], members: [user.id] });
    const caller = await callerOf(user.id);
    expect(await removeTeamMember(caller, team, user.id, terms)).toMatchObject({
      reason: "confirmation-required",
    });
    expect((await removeTeamMember(caller, team, user.id, { confirmed: true })).outcome).toBe(
      "done",
    );
    expect(await membersOf(team)).toEqual([]);
  });
});
