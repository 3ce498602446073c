import { beforeEach, expect, test } from "vitest";
import { askForRole } from "@/lib/access-requests/ask-for-role";
import { breakGlass } from "@/lib/access-requests/break-glass";
import { approveRequest } from "@/lib/access-requests/review-request";
import { asCaller } from "@/lib/authz/authority";
import { AccessDenied } from "@/lib/authz/authorize";
import { inGuardedChange } from "@/lib/authz/guarded-change";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import type { DutyConflictInput } from "@/lib/duties/duty.schema";
import { listViolations } from "@/lib/duties/list-violations";
import {
  changeConflict,
  createConflict,
  deleteConflict,
  listConflicts,
} from "@/lib/duties/manage-conflicts";
import { endWaiver, listWaivers, waiveConflict } from "@/lib/duties/waivers";
import { acceptInvitation } from "@/lib/invitations/accept-invitation";
import { type Db, prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import { AAL2, AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { addUser } from "@/lib/users/add-user";
import { assignRoles } from "@/lib/users/assign-roles";
import { createUser } from "@/lib/users/create-user";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { anInvitation } from "@/tests/support/invitations";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, give, roleIdsOf } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

// Duties that one person must not hold together (F98).

const CONFLICT: DutyConflictInput = {
  name: "Write and delete",
  description: "Who writes invoices does not delete them.",
  left: ["create_invoice"],
  right: ["delete_invoice"],
  everywhere: false,
};

let admin: Caller;
let writer = "";
let deleter = "";

beforeEach(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  await prisma().dutyConflict.deleteMany();
  writer = await aRole({ create_invoice: "own" });
  deleter = await aRole({ delete_invoice: "all" });
});

async function aConflict(input: Partial<DutyConflictInput> = {}, caller = admin): Promise<string> {
  const result = await createConflict(caller, { ...CONFLICT, ...input });
  if (result.outcome !== "created") throw new Error(JSON.stringify(result));
  return result.conflict.id;
}

const assign = (userId: string, roleIds: string[], caller = admin) =>
  assignRoles(caller, userId, roleIds, { confirmed: true });

const REFUSED = { outcome: "rejected", reason: "duty-conflict", conflicts: ["Write and delete"] };

/** Somebody with one half. */
const aWriter = async () => {
  const user = await aUser({ roles: [] });
  await give(user.id, writer);
  return user;
};

const guarded = (work: (tx: Db) => Promise<unknown>) =>
  inGuardedChange(asCaller(admin), true, async (tx) => {
    await work(tx);
    return { outcome: "done" as const };
  });

test("without a conflict nobody is refused, and with one the other half is, with its name and who", async () => {
  const user = await aWriter();
  expect(await assign(user.id, [writer, deleter])).toMatchObject({ outcome: "assigned" });
  await assign(user.id, [writer]);
  await aConflict();
  expect(await assign(user.id, [writer, deleter])).toEqual({
    ...REFUSED,
    people: [user.email],
    others: 0,
  });
  expect(await roleIdsOf(user.id)).toEqual([writer]);
  // Another half instead is no conflict.
  expect(await assign(user.id, [deleter])).toMatchObject({ outcome: "assigned" });
});

test("a role that comes to give the other half is refused, for everybody who would hold both", async () => {
  await aConflict();
  const users = [];
  for (let index = 0; index < 7; index += 1) {
    const user = await aWriter();
    const other = await aRole({ view_invoice: "all" });
    await give(user.id, other);
    users.push({ user, other });
  }
  const shared = await aRole({ view_invoice: "all" });
  for (const { user } of users) await give(user.id, shared);
  const terms = { expectedVersion: null, confirmed: true };
  const result = await setRolePermissions(admin, shared, { delete_invoice: "all" }, terms);
  expect(result).toMatchObject({ ...REFUSED, others: 2 });
  expect("people" in result && result.people).toHaveLength(5);
  // A role with both halves is everybody's who has it.
  const both = { create_invoice: "all", delete_invoice: "all" } as const;
  expect(await setRolePermissions(admin, shared, both, terms)).toMatchObject(REFUSED);
  // One that nobody has may give both.
  expect(await setRolePermissions(admin, await aRole({}), both, terms)).toMatchObject({
    outcome: "changed",
  });
});

test("inheritance, teams and teams above them are paths like any other", async () => {
  await aConflict();
  const { organizationId } = admin.principal;
  const user = await aWriter();
  const heir = await aRole({});
  await give(user.id, heir);
  const inherit = (tx: Db) =>
    tx.roleInheritance.create({ data: { roleId: heir, inheritedRoleId: deleter } });
  expect(await guarded(inherit)).toMatchObject({ ...REFUSED, people: [user.email] });
  expect(await prisma().roleInheritance.count({ where: { roleId: heir } })).toBe(0);

  const above = newId();
  const below = newId();
  await prisma().team.create({ data: { id: above, organizationId, name: `Above ${above}` } });
  await prisma().team.create({
    data: { id: below, organizationId, parentId: above, name: `Below ${below}` },
  });
  await prisma().teamMembership.create({
    data: { teamId: below, userId: user.id, organizationId },
  });
  const giveTeam = (tx: Db) => tx.teamRole.create({ data: { teamId: above, roleId: deleter } });
  expect(await guarded(giveTeam)).toMatchObject({ ...REFUSED, people: [user.email] });

  await prisma().teamMembership.deleteMany({ where: { teamId: below } });
  expect(await guarded(giveTeam)).toEqual({ outcome: "done" });
  const join = (tx: Db) =>
    tx.teamMembership.create({ data: { teamId: below, userId: user.id, organizationId } });
  expect(await guarded(join)).toMatchObject(REFUSED);
  expect(await prisma().teamMembership.count({ where: { teamId: below } })).toBe(0);
});

test("a grant for a time, an approved request and an emergency are refused as well", async () => {
  await aConflict();
  const user = await aWriter();
  const caller = await callerOf(user.id);
  const wish = { roleId: deleter, reason: "Clean up", durationSeconds: 3600, decisionId: null };
  const asked = await askForRole(caller, wish);
  const id = asked.outcome === "asked" ? asked.id : "";
  expect(await approveRequest(admin, id, "")).toMatchObject({ ...REFUSED, people: [user.email] });
  expect(await roleIdsOf(user.id)).toEqual([writer]);
  // What was refused is not decided: it can be, once it is waived.
  const conflictId = (await listConflicts(admin))[0]?.id ?? "";
  await waiveConflict(admin, { conflictId, user: user.id, reason: "For the audit", days: 1 });
  expect(await approveRequest(admin, id, "")).toMatchObject({ outcome: "approved" });

  const responder = await aCallerHolding({ use_break_glass: "all", create_invoice: "all" });
  await prisma().role.update({ where: { id: deleter }, data: { emergency: true } });
  const session = { ...responder.principal.session, acr: AAL2 };
  const strong = { ...responder, principal: { ...responder.principal, session } };
  const emergency = { roleId: deleter, reason: "It burns", durationSeconds: 600 };
  expect(await breakGlass(strong, emergency)).toMatchObject(REFUSED);
  expect(
    await prisma().accessRequest.count({ where: { userId: responder.principal.userId } }),
  ).toBe(0);
});

test("somebody who is added, or becomes a member, is judged like everybody", async () => {
  await aConflict({ everywhere: true });
  const email = `${newId()}@example.com`;
  const invited = { email, name: null, status: "pending" as const };
  const result = await addUser(
    admin,
    { ...invited, roleIds: [writer, deleter] },
    async () => async () => {},
  );
  expect(result).toMatchObject({ ...REFUSED, people: [email] });
  expect(await prisma().user.count({ where: { email } })).toBe(0);

  // Held everywhere by somebody who is nowhere yet: the membership is what makes it bite.
  const user = await aUser({ roles: [] });
  await give(user.id, writer);
  await prisma().membership.deleteMany({ where: { userId: user.id } });
  await give(user.id, deleter);
  const { organizationId } = admin.principal;
  const join = (tx: Db) => tx.membership.create({ data: { userId: user.id, organizationId } });
  expect(await guarded(join)).toMatchObject({ ...REFUSED, people: [user.email] });
});

test("an invitation that gives the other half is not accepted, and stays open", async () => {
  const inviter = await aForeignCaller(["Admin"]);
  const { organizationId } = inviter.principal;
  await aConflict({}, inviter);
  const user = await aWriter();
  const { token } = await anInvitation(inviter, user.email, [deleter]);
  const caller = await callerOf(user.id);
  // Nobody there is named to somebody who is no member yet.
  const refused = { ...REFUSED, people: [], others: 1 };
  expect(await acceptInvitation(caller, token)).toEqual(refused);
  expect(await prisma().membership.count({ where: { userId: user.id, organizationId } })).toBe(0);
  await prisma().userRole.deleteMany({ where: { userId: user.id } });
  expect(await acceptInvitation(caller, token)).toMatchObject({ outcome: "accepted" });
});

test("whoever signs up is not turned away by default roles that conflict, and gets none of them", async () => {
  const defaults = [await aRole({ create_invoice: "own" }), await aRole({ delete_invoice: "own" })];
  await prisma().role.updateMany({ where: { id: { in: defaults } }, data: { isDefault: true } });
  try {
    const signUp = async () => {
      const id = newId();
      const row = { id, email: `${id}@example.com`, name: null, emailVerified: new Date() };
      await inTransaction((tx) =>
        createUser(
          { ...row, status: "active", roles: "default" },
          { type: "anonymous" },
          aRequest(),
          tx,
        ),
      );
      return roleIdsOf(id);
    };
    expect(await signUp()).toEqual(expect.arrayContaining(defaults));
    await aConflict();
    expect(await signUp()).toEqual([]);
  } finally {
    await prisma().role.updateMany({ where: { id: { in: defaults } }, data: { isDefault: false } });
  }
});

test("service accounts hold no two duties either, and are never waived", async () => {
  await aConflict();
  const id = newId();
  await prisma().oidcClient.create({
    data: { id, name: "Reports", kind: "service", authMethod: "client_secret_basic" },
  });
  expect(await assignServiceRoles(admin, id, [writer])).toMatchObject({ outcome: "assigned" });
  expect(await assignServiceRoles(admin, id, [writer, deleter])).toMatchObject({
    ...REFUSED,
    people: ["Reports"],
  });
  // Also by what a role inherits, which the author has to hold as well (ATK-42).
  const heir = await aRole({});
  await prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: deleter } });
  expect(await assignServiceRoles(admin, id, [writer, heir])).toMatchObject(REFUSED);
  const below = await aCallerHolding({ assign_roles: "all", create_invoice: "own" });
  expect(await assignServiceRoles(below, id, [writer, heir])).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["delete_invoice"],
  });
});

test("a policy that gives everybody one side is a path", async () => {
  await aConflict({ left: ["manage_connections"], right: ["manage_keys"] });
  const user = await aUser({ roles: [] });
  await give(user.id, await aRole({ manage_connections: "all" }));
  const policyId = newId();
  await prisma().policy.create({
    data: {
      id: policyId,
      organizationId: admin.principal.organizationId,
      name: "All have keys",
      versions: { create: { number: 1, effect: "allow", permissions: ["manage_keys"] } },
    },
  });
  const activate = (tx: Db) =>
    tx.policy.update({ where: { id: policyId }, data: { activeNumber: 1 } });
  expect(await guarded(activate)).toEqual({ ...REFUSED, people: [user.email], others: 0 });
  await prisma().policy.delete({ where: { id: policyId } });
});

test("of two halves that are given at once, one is (ATK-44)", async () => {
  await aConflict();
  for (let round = 0; round < 3; round += 1) {
    const user = await aUser({ roles: [] });
    const teamId = newId();
    const { organizationId } = admin.principal;
    await prisma().team.create({ data: { id: teamId, organizationId, name: teamId } });
    await prisma().teamRole.create({ data: { teamId, roleId: deleter } });
    const results = await race<object>(10, (index) =>
      index % 2 === 0
        ? assign(user.id, [writer])
        : guarded((tx) =>
            tx.teamMembership.createMany({
              data: [{ teamId, userId: user.id, organizationId }],
              skipDuplicates: true,
            }),
          ),
    );
    const refused = results.filter(
      (result) => "reason" in result && result.reason === "duty-conflict",
    );
    expect(refused.length).toBeGreaterThan(0);
    const written = (await roleIdsOf(user.id)).length;
    const joined = await prisma().teamMembership.count({ where: { teamId } });
    expect(written + joined).toBe(1);
  }
});

test("a waiver is given by somebody else, lets both be held, and ends; what is held then is reported", async () => {
  const conflictId = await aConflict();
  const user = await aWriter();
  const own = { conflictId, user: admin.principal.userId, reason: "I may", days: 5 };
  expect(await waiveConflict(admin, own)).toMatchObject({ reason: "own-waiver" });
  await expect(
    prisma().$executeRaw`
      INSERT INTO duty_waivers (id, conflict_id, organization_id, user_id, reason, granted_by, expires_at)
      VALUES (${newId()}::uuid, ${conflictId}::uuid, ${admin.principal.organizationId}::uuid,
              ${user.id}::uuid, 'x', ${user.id}::uuid, now() + interval '1 day')`,
  ).rejects.toThrow(/duty_waivers_are_given_by_another/);
  const waiver = { conflictId, user: user.email, reason: "Until the new clerk", days: 365 };
  expect(await waiveConflict(admin, waiver)).toMatchObject({ outcome: "waived" });
  expect(await assign(user.id, [writer, deleter])).toMatchObject({ outcome: "assigned" });
  const found = async () =>
    (await listViolations(admin)).violations.find(({ holderId }) => holderId === user.id);
  expect((await found())?.waivedUntil).not.toBeNull();
  const id = (await listWaivers(admin)).find(({ userId }) => userId === user.id)?.id ?? "";
  expect(await endWaiver(admin, id)).toBe(true);
  expect(await endWaiver(admin, id)).toBe(false);
  expect((await found())?.waivedUntil).toBeNull();
  // An expired one is none: given back, the half does not come again.
  await waiveConflict(admin, waiver);
  await assign(user.id, [writer]);
  await prisma().$executeRaw`UPDATE duty_waivers SET created_at = now() - interval '2 days',
                                         expires_at = date_trunc('milliseconds', now())`;
  expect(await assign(user.id, [writer, deleter])).toMatchObject(REFUSED);
});

test("who holds both already stays as they are, is in the report with the paths, and blocks nobody else", async () => {
  const user = await aWriter();
  const heir = await aRole({}, "Heir of the deleter");
  await prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: deleter } });
  await give(user.id, heir);
  const conflictId = await aConflict();
  const { violations } = await listViolations(admin);
  const violation = violations.find(({ holderId }) => holderId === user.id);
  expect(violation).toMatchObject({ conflictId, name: user.email, waivedUntil: null });
  expect(violation?.paths.map(({ side, permissionKey }) => [side, permissionKey])).toEqual([
    ["left", "create_invoice"],
    ["right", "delete_invoice"],
  ]);
  expect(violation?.paths[1]).toMatchObject({ roleName: "Heir of the deleter" });
  expect(violation?.paths[1]).not.toMatchObject({ givenRoleName: "Heir of the deleter" });
  const other = await aUser({ roles: [] });
  expect(await assign(other.id, [deleter])).toMatchObject({ outcome: "assigned" });
  expect(await assign(user.id, [writer])).toMatchObject({ outcome: "assigned" });
  const after = (await listViolations(admin)).violations;
  expect(after.map(({ holderId }) => holderId)).not.toContain(user.id);
  expect(await assign(user.id, [writer, heir])).toMatchObject(REFUSED);
});

test("a conflict of one organization holds there alone, and its people are named to nobody else", async () => {
  const foreigner = await aForeignCaller(["Admin"]);
  await aConflict({}, foreigner);
  expect(await listConflicts(admin)).toEqual([]);
  const user = await aWriter();
  expect(await assign(user.id, [writer, deleter])).toMatchObject({ outcome: "assigned" });
  const theirs = (await listConflicts(foreigner))[0]?.id ?? "";
  const NOT_FOUND = { outcome: "not-found" };
  expect(await deleteConflict(admin, theirs)).toEqual(NOT_FOUND);
  expect(await changeConflict(admin, theirs, CONFLICT, null)).toEqual(NOT_FOUND);
  const waiver = { conflictId: theirs, user: user.id, reason: "Theirs", days: 1 };
  expect(await waiveConflict(admin, waiver)).toEqual(NOT_FOUND);

  // A role of the instance that changes here would hit members there: refused, and nobody is named.
  const { organizationId } = foreigner.principal;
  const member = await aUser({ roles: [] });
  await prisma().membership.create({ data: { userId: member.id, organizationId } });
  await give(member.id, writer, { organizationId });
  const shared = await aRole({});
  await give(member.id, shared, { organizationId });
  const terms = { expectedVersion: null, confirmed: true };
  expect(await setRolePermissions(admin, shared, { delete_invoice: "all" }, terms)).toEqual({
    ...REFUSED,
    people: [],
    others: 1,
  });
  // Halves in two organizations are none in either.
  await prisma().userRole.deleteMany({ where: { userId: member.id } });
  await give(member.id, writer, { organizationId });
  expect(
    await guarded((tx) =>
      tx.userRole.create({
        data: {
          userId: member.id,
          roleId: deleter,
          organizationId: admin.principal.organizationId,
        },
      }),
    ),
  ).toEqual({ outcome: "done" });
});

test("what holds everywhere is for whoever manages duties everywhere", async () => {
  const { organizationId } = admin.principal;
  const user = await aUser({ roles: [] });
  await give(user.id, await aRole({ manage_duties: "all", view_duties: "all" }), {
    organizationId,
  });
  const local = await callerOf(user.id);
  const BEYOND = { reason: "beyond-own-permissions", missing: ["manage_duties"] };
  expect(await createConflict(local, { ...CONFLICT, everywhere: true })).toMatchObject(BEYOND);
  const everywhere = await aConflict({ everywhere: true });
  expect(await deleteConflict(local, everywhere)).toMatchObject(BEYOND);
  expect(await changeConflict(local, everywhere, CONFLICT, null)).toMatchObject(BEYOND);
  expect(await createConflict(local, CONFLICT)).toMatchObject({ outcome: "created" });
});

test("conflicts are managed with the permission and a fresh proof, seen with theirs, and changed at their version", async () => {
  const id = await aConflict();
  const nobody = await aCaller({ roles: [] });
  await expect(listConflicts(nobody)).rejects.toThrow(AccessDenied);
  await expect(listViolations(nobody)).rejects.toThrow(AccessDenied);
  const viewer = await aCallerHolding({ view_duties: "all" });
  expect(await listConflicts(viewer)).toHaveLength(1);
  await expect(createConflict(viewer, CONFLICT)).rejects.toThrow(AccessDenied);
  await expect(deleteConflict(viewer, id)).rejects.toThrow(AccessDenied);
  const session = { ...admin.principal.session, authTime: new Date(Date.now() - 3_600_000) };
  const old = { ...admin, principal: { ...admin.principal, session } };
  await expect(deleteConflict(old, id)).rejects.toThrow(AssuranceInsufficient);

  expect(await createConflict(admin, CONFLICT)).toMatchObject({ reason: "duty-name-taken" });
  const unknown = { ...CONFLICT, name: "Other", left: ["fly"] };
  expect(await createConflict(admin, unknown)).toMatchObject({ keys: ["fly"] });
  const changed = await race(5, () => changeConflict(admin, id, { ...CONFLICT, name: "New" }, 1));
  expect(changed.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  expect(await changeConflict(admin, id, CONFLICT, 1)).toMatchObject({ reason: "stale" });
  expect(await deleteConflict(admin, id)).toEqual({ outcome: "deleted" });
  expect(await deleteConflict(admin, id)).toEqual({ outcome: "not-found" });
});

test("a place has no more than fifty conflicts of its own, also when they come at once", async () => {
  const { organizationId } = admin.principal;
  await prisma().dutyConflict.createMany({
    data: Array.from({ length: 48 }, (_, index) => ({
      id: newId(),
      organizationId,
      name: `Conflict ${index}`,
      description: "",
      leftKeys: CONFLICT.left,
      rightKeys: CONFLICT.right,
    })),
  });
  const results = await race(10, (index) =>
    createConflict(admin, { ...CONFLICT, name: `Raced ${index}` }),
  );
  expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(2);
  expect(await createConflict(admin, CONFLICT)).toEqual({
    outcome: "rejected",
    reason: "too-many-conflicts",
  });
  // The instance and other organizations have theirs.
  expect(await createConflict(admin, { ...CONFLICT, everywhere: true })).toMatchObject({
    outcome: "created",
  });
  const foreigner = await aForeignCaller(["Admin"]);
  expect(await createConflict(foreigner, CONFLICT)).toMatchObject({ outcome: "created" });
});

test("whoever holds a side neither narrows nor deletes the conflict, which would waive it for themselves", async () => {
  const OWN_WAIVER = { outcome: "rejected", reason: "own-waiver" };
  const manage = { manage_duties: "all", view_duties: "all" } as const;
  const wide = { left: ["create_invoice", "view_invoice"] };
  for (const held of ["create_invoice", "delete_invoice"]) {
    for (const everywhere of [false, true]) {
      const id = await aConflict({ ...wide, everywhere });
      const partial = await aCallerHolding({ ...manage, [held]: "own" });
      expect(await deleteConflict(partial, id)).toEqual(OWN_WAIVER);
      expect(await changeConflict(partial, id, CONFLICT, null)).toEqual(OWN_WAIVER);
      const other = { ...CONFLICT, left: ["view_invoice"], right: ["delete_invoice"] };
      expect(await changeConflict(partial, id, other, null)).toEqual(OWN_WAIVER);
      expect((await listConflicts(admin))[0]).toMatchObject({ version: 1 });
      // Another name, both sides the other way round, and more of it are no waiver.
      const wider = {
        ...CONFLICT,
        left: ["delete_invoice"],
        right: [...wide.left, "update_invoice"],
      };
      expect(await changeConflict(partial, id, { ...wider, name: "Wider" }, null)).toMatchObject({
        outcome: "changed",
      });
      const impartial = await aCallerHolding(manage);
      expect(await changeConflict(impartial, id, CONFLICT, null)).toMatchObject({
        outcome: "changed",
      });
      expect(await deleteConflict(impartial, id)).toEqual({ outcome: "deleted" });
    }
  }
});

test("it costs one statement without conflicts, and starts from the rarer side among many people", async () => {
  const roleId = await aRole({ create_invoice: "own" });
  for (let batch = 0; batch < 6; batch += 1) {
    await prisma().$executeRaw`
      WITH people AS (
        INSERT INTO users (id, email, status)
        SELECT gen_random_uuid(), 'many-' || ${batch}::int || '-' || n || '@example.com', 'active'
          FROM generate_series(1, 2000) n RETURNING id
      ), members AS (
        INSERT INTO memberships (organization_id, user_id)
        SELECT default_organization_id, people.id FROM people, instance
      )
      INSERT INTO user_roles (id, user_id, role_id)
      SELECT gen_random_uuid(), id, ${roleId}::uuid FROM people`;
  }
  await prisma().$executeRaw`ANALYZE`;
  const user = await aUser({ roles: [] });
  const timed = async (roleIds: string[]) => {
    const start = performance.now();
    const result = await assign(user.id, roleIds);
    return { result, ms: performance.now() - start };
  };
  await timed([writer]);
  const without = await timed([deleter]);
  await aConflict();
  await timed([writer]);
  const withOne = await timed([deleter]);
  expect(withOne.result).toMatchObject({ outcome: "assigned" });
  // Generous, for a machine that does other things: looking at 12,000 people takes many times longer.
  expect(withOne.ms).toBeLessThan(without.ms + 500);
}, 60_000);
