import fc from "fast-check";
import { afterEach, beforeAll, expect, test } from "vitest";
import { deleteRole } from "@/lib/authz/delete-role";
import { evaluate } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import type { HeldDifference } from "@/lib/authz/impact/held-form";
import type { Impact } from "@/lib/authz/impact/impact";
import { previewImpact } from "@/lib/authz/impact/preview-impact";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Waiting, WaitingKind } from "@/lib/authz/impact/waiting";
import { readRulesOf } from "@/lib/authz/load-rules";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { inProbedChange } from "@/lib/authz/probed-change";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles } from "@/lib/users/assign-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
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

// --- The same by brute force: every user, every permission, every kind of record ---

const KEYS = ["view_invoice", "update_invoice", "view_users"] as const;
const SMALL = { kind: "field", field: "amount", operator: "at-most", value: 100 } as const;
const REACHES = ["all", "own", SMALL] as const;

/** Own or not, small or not; of users there is no amount. */
const recordsOf = (userId: string, key: string) =>
  key === "view_users"
    ? [{ id: userId }, { id: newId() }]
    : [userId, newId()].flatMap((ownerId) =>
        [50, 500].map((amount) => ({ id: newId(), ownerId, amount })),
      );

type Reached = Map<string, boolean[]>;

async function reachedBy(userIds: string[]): Promise<Reached> {
  const reached: Reached = new Map();
  const memberships = await prisma().membership.findMany({ where: { userId: { in: userIds } } });
  const users = await prisma().user.findMany({ where: { id: { in: userIds } } });
  for (const { userId, organizationId } of memberships) {
    const loaded = await readRulesOf({ means: "session", userId, organizationId });
    const facts: Facts = {
      principal: {
        kind: "user",
        id: userId,
        organizationId,
        email: users.find(({ id }) => id === userId)?.email ?? "",
        ...loaded.held,
      },
      context: {
        at: "2026-11-04T10:00:00.000Z",
        ip: "192.0.2.1",
        means: "session",
        acr: "urn:gatehouse:aal1",
        authTime: "2026-11-04T10:00:00.000Z",
      },
    };
    for (const key of KEYS) {
      const resourceType = key === "view_users" ? "User" : "Invoice";
      const rules = loaded.rules.get(key) ?? [];
      const judged = recordsOf(userId, key).map(
        (resource) =>
          evaluate({ permissionKey: key, resourceType, facts, rules, resource }).allowed,
      );
      reached.set(`${userId} ${key}`, judged);
    }
  }
  return reached;
}

function differences(before: Reached, after: Reached): Record<string, HeldDifference> {
  const found: Record<string, HeldDifference> = {};
  for (const [place, had] of before) {
    const has = after.get(place) ?? [];
    if (had.join() === has.join()) continue;
    const contains = (a: boolean[], b: boolean[]) => b.every((yes, index) => !yes || a[index]);
    if (!had.includes(true)) found[place] = "gained";
    else if (!has.includes(true)) found[place] = "lost";
    else if (contains(has, had)) found[place] = "wider";
    else found[place] = contains(had, has) ? "narrower" : "otherwise";
  }
  return found;
}

const foretoldBy = ({ named }: Impact): Record<string, HeldDifference> =>
  Object.fromEntries(
    named.flatMap(({ id, lines }) =>
      lines
        .filter(({ permissionKey }) => KEYS.includes(permissionKey as never))
        .map(({ permissionKey, difference }) => [`${id} ${permissionKey}`, difference]),
    ),
  );

// --- Random graphs of roles, teams, policies and people ---

const ROLES = 6;
const PEOPLE = 6;
const role = fc.integer({ min: 0, max: ROLES - 1 });
const grants = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...REACHES), { maxKeys: 3 });
const withoutStray = (given: Record<string, unknown>): RoleGrants =>
  Object.fromEntries(
    Object.entries(given).filter(([key, reach]) => key !== "view_users" || reach !== SMALL),
  ) as RoleGrants;

const World = fc.record({
  grants: fc.array(grants.map(withoutStray), { minLength: ROLES, maxLength: ROLES }),
  /** From the higher to the lower, so that there is no way round. */
  inherits: fc.uniqueArray(fc.tuple(role, role), { maxLength: 8, selector: String }),
  held: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: PEOPLE - 1 }), role), {
    maxLength: 10,
    selector: String,
  }),
  teamMembers: fc.uniqueArray(fc.integer({ min: 0, max: PEOPLE - 1 }), { maxLength: 3 }),
  teamRole: role,
  policy: fc.record({
    effect: fc.constantFrom("allow" as const, "deny" as const),
    key: fc.constantFrom(...KEYS),
    who: fc.constantFrom("everybody", "owner", "role", "team", "user", "domain"),
    role,
  }),
});

const Change = fc.oneof(
  fc.record({ kind: fc.constant("permissions" as const), role, grants: grants.map(withoutStray) }),
  fc.record({
    kind: fc.constant("inheritance" as const),
    role,
    inherits: fc.uniqueArray(role, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("deletion" as const), role }),
  fc.record({
    kind: fc.constant("assignment" as const),
    person: fc.integer({ min: 0, max: PEOPLE - 1 }),
    roles: fc.uniqueArray(role, { maxLength: 3 }),
  }),
);

type WorldValue = typeof World extends fc.Arbitrary<infer T> ? T : never;

async function build(world: WorldValue) {
  const people: string[] = [];
  for (let index = 0; index < PEOPLE; index += 1) people.push((await aPerson()).id);
  const roles: string[] = [];
  for (const given of world.grants) roles.push(await aRole(given));
  const edges = world.inherits.filter(([heir, inherited]) => heir > inherited);
  for (const [heir, inherited] of edges) {
    await prisma().roleInheritance.create({
      data: { roleId: roles[heir] as string, inheritedRoleId: roles[inherited] as string },
    });
  }
  for (const [person, held] of world.held)
    await give(people[person] as string, roles[held] as string);
  const { organizationId } = admin.principal;
  const team = await prisma().team.create({
    data: { id: newId(), organizationId, name: `Team ${newId()}` },
  });
  await prisma().teamRole.create({
    data: { teamId: team.id, roleId: roles[world.teamRole] as string },
  });
  await prisma().teamMembership.createMany({
    data: world.teamMembers.map((person) => ({
      teamId: team.id,
      userId: people[person] as string,
      organizationId,
    })),
  });
  const { effect, key, who } = world.policy;
  const asked = {
    everybody: null,
    owner: { kind: "own" },
    role: { kind: "role", ids: [roles[world.policy.role]] },
    team: { kind: "team", ids: [team.id] },
    user: { kind: "user", ids: [people[0]] },
    domain: { kind: "email-domain", domains: ["odd.example"] },
  }[who];
  // What a policy denies the author is not theirs to pass on, which is another test's.
  const others = { kind: "not", condition: { kind: "user", ids: [admin.principal.userId] } };
  const denied = asked === null ? others : { kind: "all", conditions: [asked, others] };
  const condition = effect === "deny" ? denied : asked;
  const policy = await prisma().policy.create({ data: { id: newId(), name: `Policy ${newId()}` } });
  await prisma().policyVersion.create({
    data: {
      policyId: policy.id,
      number: 1,
      effect,
      permissions: [key],
      ...(condition === null ? {} : { condition: condition as never }),
    },
  });
  await prisma().policy.update({ where: { id: policy.id }, data: { activeNumber: 1 } });
  return { people, roles, policyId: policy.id };
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

test("a preview names what a save then makes of every user, permission and record", async () => {
  let touched = 0;
  await fc.assert(
    fc.asyncProperty(World, Change, async (world, change) => {
      const { people: ids, roles, policyId } = await build(world);
      try {
        const author = { ...(await callerOf(admin.principal.userId)), request: aRequest() };
        const idOf = (index: number) => roles[index] as string;
        // Names are seen by what no policy here denies.
        const options =
          change.kind === "assignment" ? { userIds: [ids[change.person] as string] } : {};
        const run = (probe?: Probe): Promise<{ outcome: string }> => {
          switch (change.kind) {
            case "permissions":
              return setRolePermissions(author, idOf(change.role), change.grants, terms(probe));
            case "inheritance":
              return setRoleInheritance(
                author,
                idOf(change.role),
                change.inherits.map(idOf),
                terms(probe),
              );
            case "deletion":
              return deleteRole(author, idOf(change.role), terms(probe));
            case "assignment":
              return assignRoles(author, ids[change.person] as string, change.roles.map(idOf), {
                confirmed: false,
                probe,
              });
          }
        };
        const before = await reachedBy(ids);
        const state = await stateOfEverything();
        const previewed = await previewImpact(
          author,
          { naming: ROLE_PERMISSIONS.view, ...options },
          run,
        );
        // A refusal is recorded, as that of a save is.
        if ("impact" in previewed) expect(await stateOfEverything()).toBe(state);
        const saved = await run();
        const after = await reachedBy(ids);
        if ("impact" in previewed) {
          const { impact } = previewed as { impact: Impact };
          const expected = differences(before, after);
          expect(foretoldBy(impact)).toEqual(expected);
          const persons = new Set(Object.keys(expected).map((place) => place.split(" ")[0]));
          expect(impact.people).toBe(persons.size);
          expect(impact.unnamed).toBe(0);
          touched += persons.size;
        } else {
          const { decisionId: _, ...refused } = saved as { decisionId?: string };
          expect(previewed).toMatchObject(refused);
          expect(after).toEqual(before);
        }
      } finally {
        await prisma().policy.update({ where: { id: policyId }, data: { activeNumber: null } });
      }
    }),
    { numRuns: 40 },
  );
  expect(touched).toBeGreaterThan(5);
}, 180_000);

/** Everything that a change of who may do what could leave behind, and the instance's version. */
async function stateOfEverything(): Promise<string> {
  const [row] = await prisma().$queryRaw<[{ state: string }]>`
    SELECT md5(concat_ws('|',
      (SELECT string_agg(to_jsonb(i)::text, '' ORDER BY id) FROM instance i),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY id) FROM roles r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, permission_id) FROM role_permissions r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, inherited_role_id) FROM role_inheritance r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, given_role_id) FROM role_closure r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY id) FROM user_roles r),
      (SELECT string_agg(id || grants_version::text || status::text, '' ORDER BY id) FROM users),
      (SELECT count(*) FROM audit_events),
      (SELECT count(*) FROM outbox),
      (SELECT count(*) FROM decision_traces),
      (SELECT string_agg(to_jsonb(s)::text, '' ORDER BY id) FROM sessions s))) AS state`;
  return row.state;
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
