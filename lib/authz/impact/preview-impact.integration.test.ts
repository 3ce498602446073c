import { afterEach, beforeAll, expect, test } from "vitest";
import { deleteRole } from "@/lib/authz/delete-role";
import type { Impact } from "@/lib/authz/impact/impact";
import { previewImpact } from "@/lib/authz/impact/preview-impact";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Waiting, WaitingKind } from "@/lib/authz/impact/waiting";
import { inProbedChange } from "@/lib/authz/probed-change";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aCaller, aUser, callerOf } from "@/tests/support/builders";
import { aCallerHolding, aRole, aUserHolding, give, roleIdNamed } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const NAMING = { naming: USER_PERMISSIONS.view };
const terms = (probe?: Probe) => ({ expectedVersion: null, confirmed: false, probe });
let admin: Caller;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

afterEach(async () => {
  await prisma().policy.updateMany({ data: { activeNumber: null } });
});

async function impactOf(run: (probe: Probe) => Promise<unknown>, options = {}): Promise<Impact> {
  const result = await previewImpact(admin, { ...NAMING, ...options }, run);
  if (typeof result !== "object" || result === null || !("impact" in result)) {
    throw new Error(`no preview: ${JSON.stringify(result)}`);
  }
  return (result as { impact: Impact }).impact;
}

let people = 0;
async function aPerson(): Promise<{ id: string }> {
  people += 1;
  const id = newId();
  const email = `p${people}-${id.slice(-6)}@${people % 3 === 0 ? "odd" : "even"}.example`;
  return prisma().user.create({
    data: {
      id,
      email,
      status: "active",
      memberships: { create: { organizationId: admin.principal.organizationId } },
    },
  });
}

test("sessions of the people whom a change touches are counted, and nobody else's", async () => {
  const holder = await aUserHolding({});
  const roleId = await aRole({});
  await give(holder.id, roleId);
  await callerOf(holder.id);
  await callerOf(holder.id);
  await prisma().session.updateMany({
    where: { userId: (await aUserHolding({})).id },
    data: { revokedAt: new Date() },
  });
  const impact = await impactOf((probe) =>
    setRolePermissions(admin, roleId, { view_invoice: "all" }, terms(probe)),
  );
  expect(impact).toMatchObject({ people: 1, gaining: 1, losing: 0, sessions: 2, services: 0 });
  expect(impact.permissions).toEqual([
    {
      key: "view_invoice",
      counts: { gained: 1, lost: 0, wider: 0, narrower: 0, otherwise: 0 },
    },
  ]);
});

test("what somebody has by another way as well is not lost with the role", async () => {
  const roleId = await aRole({ view_invoice: "all", update_invoice: "all" });
  const holder = await aUserHolding({ view_invoice: "all" });
  await give(holder.id, roleId);
  const impact = await impactOf((probe) => deleteRole(admin, roleId, terms(probe)));
  expect(impact.named).toMatchObject([
    { id: holder.id, lines: [{ permissionKey: "update_invoice", difference: "lost" }] },
  ]);
});

test("of many people all are counted and fifty are named", async () => {
  const roleId = await aRole({ view_invoice: "own" });
  for (let index = 0; index < 53; index += 1) await give((await aPerson()).id, roleId);
  const impact = await impactOf((probe) =>
    setRolePermissions(admin, roleId, { view_invoice: "all" }, terms(probe)),
  );
  expect(impact).toMatchObject({ people: 53, gaining: 53, unnamed: 3 });
  expect(impact.named).toHaveLength(50);
});

test("who may not see people by name is told how many there are", async () => {
  const roleId = await aRole({ view_invoice: "all" });
  await give((await aPerson()).id, roleId);
  const author = await aCallerHolding({ manage_roles: "all", view_invoice: "all" });
  const result = await previewImpact(author, NAMING, (probe) =>
    setRolePermissions(author, roleId, {}, terms(probe)),
  );
  expect(result).toMatchObject({ impact: { people: 1, losing: 1, named: [], unnamed: 1 } });
});

test("people of another organization are counted and never named (ATK-43)", async () => {
  const roleId = await aRole({ view_invoice: "all" });
  const foreign = await aForeignCaller([]);
  await prisma().membership.deleteMany({
    where: {
      userId: foreign.principal.userId,
      organizationId: admin.principal.organizationId,
    },
  });
  await give(foreign.principal.userId, roleId);
  const impact = await impactOf((probe) => deleteRole(admin, roleId, terms(probe)));
  expect(impact).toMatchObject({ people: 1, named: [], unnamed: 1 });
});

test("a loss of one's own, and of the last administrator, is foretold as the save answers (ATK-44)", async () => {
  const user = await aUserHolding({ manage_roles: "all" });
  const roleId = await aRole({ view_invoice: "all" });
  await give(user.id, roleId);
  const author = await callerOf(user.id);
  const run = (probe?: Probe) => setRolePermissions(author, roleId, {}, terms(probe));
  const previewed = await previewImpact(author, NAMING, run);
  const saved = await run();
  expect(saved).toMatchObject({ reason: "confirmation-required", lost: ["view_invoice"] });
  expect(previewed).toMatchObject({
    impact: { foretold: saved, own: [{ permissionKey: "view_invoice", difference: "lost" }] },
  });

  const adminRole = await roleIdNamed("Admin");
  const drop = (probe?: Probe) => setRolePermissions(admin, adminRole, {}, terms(probe));
  const foretold = await impactOf(drop);
  const refused = await drop();
  expect(refused).toMatchObject({ reason: "last-administrator" });
  expect(foretold.foretold).toEqual(refused);
});

test("nobody previews what they may not do, and the refusal is recorded (ATK-42)", async () => {
  const author = await aCallerHolding({ manage_roles: "all" });
  const roleId = await aRole({});
  const result = await previewImpact(author, NAMING, (probe) =>
    setRolePermissions(author, roleId, { view_users: "all" }, terms(probe)),
  );
  expect(result).toMatchObject({ reason: "beyond-own-permissions", missing: ["view_users"] });
  const event = await prisma().auditEvent.findFirst({
    where: { id: (result as { decisionId: string }).decisionId },
  });
  expect(event).toMatchObject({ outcome: "denied" });
  const reader = await aCallerHolding({ view_roles: "all" });
  await expect(
    previewImpact(reader, NAMING, (probe) => deleteRole(reader, roleId, terms(probe))),
  ).rejects.toThrow("manage_roles was denied");
});

test("a service account that a change touches is counted", async () => {
  const roleId = await aRole({ view_invoice: "all" });
  const clientId = `service-${newId()}`;
  const { organizationId } = admin.principal;
  await prisma().oidcClient.create({
    data: { id: clientId, name: "Job", kind: "service", authMethod: "client_secret_basic" },
  });
  await prisma().serviceAccount.create({ data: { clientId, organizationId } });
  await prisma().serviceAccountRole.create({ data: { clientId, roleId } });
  const impact = await impactOf((probe) => deleteRole(admin, roleId, terms(probe)));
  expect(impact).toMatchObject({ people: 0, services: 1 });
});

test("a policy that comes into force, a team's role and an end of membership are seen the same way", async () => {
  const { organizationId } = admin.principal;
  const changing = (work: (tx: Db) => Promise<unknown>) => (probe: Probe) =>
    inProbedChange(probe, async (tx) => {
      await work(tx);
      return { result: { outcome: "changed" }, foretold: null };
    });
  const roleId = await aRole({ view_invoice: "all" });
  const [one, other] = [await aPerson(), await aPerson()];
  await give(one.id, roleId);

  const policy = await prisma().policy.create({ data: { id: newId(), name: `Policy ${newId()}` } });
  const condition = { kind: "role", ids: [roleId] };
  await prisma().policyVersion.create({
    data: {
      policyId: policy.id,
      number: 1,
      effect: "deny",
      permissions: ["view_invoice"],
      condition,
    },
  });
  const denied = await impactOf(
    changing((tx) => tx.policy.update({ where: { id: policy.id }, data: { activeNumber: 1 } })),
  );
  expect(denied).toMatchObject({ people: 1, losing: 1, named: [{ id: one.id }] });

  const team = await prisma().team.create({
    data: { id: newId(), organizationId, name: `Team ${newId()}` },
  });
  const inner = await prisma().team.create({
    data: { id: newId(), organizationId, name: `Team ${newId()}`, parentId: team.id },
  });
  await prisma().teamMembership.create({
    data: { teamId: inner.id, userId: other.id, organizationId },
  });
  const given = await impactOf(
    changing((tx) => tx.teamRole.create({ data: { teamId: team.id, roleId } })),
  );
  expect(given).toMatchObject({ people: 1, gaining: 1, named: [{ id: other.id }] });

  const ended = await impactOf(
    changing((tx) =>
      tx.membership.delete({
        where: { organizationId_userId: { organizationId, userId: one.id } },
      }),
    ),
    { userIds: [one.id] },
  );
  expect(ended).toMatchObject({ people: 1, losing: 1, named: [{ id: one.id }] });
  expect(await prisma().membership.count({ where: { userId: one.id } })).toBe(1);
});

/** As another feature registers it. */
function kindOf(...lists: Waiting[][]): WaitingKind {
  let reads = 0;
  return {
    key: "requests",
    answeredBy: USER_PERMISSIONS.manage,
    list: async () => lists[Math.min(reads++, lists.length - 1)] ?? [],
  };
}

test("what waits for an answer is told where its role, its asker or its answerers are touched", async () => {
  const { organizationId } = admin.principal;
  const wanted = await aRole({ view_invoice: "all" });
  const changed = await aRole({ create_invoice: "all", manage_users: "all" });
  const [asker, touched] = [await aPerson(), await aPerson()];
  await give(touched.id, changed);
  // Who answers has the permission and all that the role gives.
  const answerer = await aUserHolding({ view_invoice: "all" });
  await give(answerer.id, changed);
  const waits = (userId: string, roleId: string): Waiting => ({
    id: newId(),
    organizationId,
    userId,
    roleId,
  });
  const of = (kind: WaitingKind) =>
    impactOf((probe) => setRolePermissions(admin, changed, {}, terms(probe)), { waiting: [kind] });

  const forOther = waits(asker.id, wanted);
  const [forChanged, byTouched] = [waits(asker.id, changed), waits(touched.id, wanted)];
  expect((await of(kindOf([forChanged]))).waiting).toEqual([
    { key: "requests", touched: 1, over: 0, fewerAnswer: 1 },
  ]);
  expect((await of(kindOf([byTouched, forChanged]))).waiting).toMatchObject([{ touched: 2 }]);
  expect((await of(kindOf([forOther]))).waiting).toEqual([
    { key: "requests", touched: 0, over: 0, fewerAnswer: 1 },
  ]);
  // Nobody answers for themselves, and what is gone is answered by nobody.
  expect((await of(kindOf([waits(answerer.id, wanted)]))).waiting).toMatchObject([
    { touched: 1, fewerAnswer: 0 },
  ]);
  expect((await of(kindOf([forOther], []))).waiting).toEqual([
    { key: "requests", touched: 1, over: 1, fewerAnswer: 0 },
  ]);
  // In another organization the same people are nobody's concern.
  const elsewhere = { ...byTouched, organizationId: newId() };
  expect((await of(kindOf([elsewhere]))).waiting).toEqual([]);
});

test("a use case that takes no heed of the probe is called out", async () => {
  const roleId = await aRole({});
  await expect(
    previewImpact(admin, NAMING, () => deleteRole(admin, roleId, terms())),
  ).rejects.toThrow("looked at only");
});
