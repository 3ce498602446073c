import { beforeEach, describe, expect, test } from "vitest";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { can, decide } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { createPolicy, type NewPolicy } from "@/lib/policies/create-policy";
import { deletePolicy } from "@/lib/policies/delete-policy";
import { describePolicy } from "@/lib/policies/describe-policy";
import { findPolicy, listPolicies } from "@/lib/policies/list-policies";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import { setShadow } from "@/lib/policies/set-shadow";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aContent, aPolicyOf } from "@/tests/support/policies";
import { race } from "@/tests/support/race";
import { aCallerHolding, aUserHolding } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const TERMS = { expectedVersion: null, confirmed: true };
const UNCONFIRMED = { expectedVersion: null, confirmed: false };

beforeEach(async () => {
  await prisma().policy.deleteMany();
});

const aNewPolicy = (change: Partial<NewPolicy> = {}): NewPolicy => ({
  name: `Policy ${newId()}`,
  description: "",
  place: "instance",
  content: aContent(),
  ...change,
});

async function created(caller: Caller, change: Partial<NewPolicy> = {}): Promise<string> {
  const result = await createPolicy(caller, aNewPolicy(change));
  if (result.outcome !== "created") throw new Error(`not created: ${JSON.stringify(result)}`);
  return result.policy.id;
}

/** The same person in their next request, with what they may do then. */
const next = async (userId: string): Promise<Caller> => callerWith(await aSession(userId));

const eventsOn = (id: string) =>
  prisma().auditEvent.findMany({
    where: { targetId: id, outcome: "success" },
    orderBy: { id: "asc" },
  });

describe("the life of a policy (F92)", () => {
  test("versions are written, activated, rolled back and ended, each audited with the diff", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const person = await aUserHolding({ view_invoice: "all" });
    const id = await created(admin);
    const sees = async () => can(await next(person.id), INVOICE_PERMISSIONS.view);
    expect(await sees()).toBe(true);

    const condition = { kind: "means", oneOf: ["app"] } as const;
    const content = aContent({ condition: { ...condition, oneOf: [...condition.oneOf] } });
    expect(await saveVersion(admin, id, content, TERMS)).toMatchObject({
      outcome: "saved",
      number: 2,
    });
    expect(await sees()).toBe(true);
    expect(await activateVersion(admin, id, 1, TERMS)).toMatchObject({
      policy: { activeNumber: 1 },
    });
    expect(await sees()).toBe(false);
    expect(await activateVersion(admin, id, 2, TERMS)).toMatchObject({
      policy: { activeNumber: 2 },
    });
    expect(await sees()).toBe(true);
    expect(await activateVersion(admin, id, 1, TERMS)).toMatchObject({
      policy: { activeNumber: 1 },
    });
    expect(await sees()).toBe(false);
    expect(await deletePolicy(admin, id, TERMS)).toMatchObject({ reason: "in-force" });
    expect(await deactivatePolicy(admin, id, TERMS)).toMatchObject({
      policy: { activeNumber: null },
    });
    expect(await sees()).toBe(true);
    expect(await deletePolicy(admin, id, TERMS)).toEqual({ outcome: "deleted" });
    expect(await prisma().policyVersion.count({ where: { policyId: id } })).toBe(0);

    const events = await eventsOn(id);
    expect(events.map(({ action }) => action)).toEqual([
      "policy.created",
      "policy.version_saved",
      "policy.activated",
      "policy.activated",
      "policy.rolled_back",
      "policy.deactivated",
      "policy.deleted",
    ]);
    expect(events[3]).toMatchObject({
      before: { number: 1, condition: null },
      after: { number: 2, diff: [{ field: "condition", from: null, to: condition }] },
    });
    expect(events[4]).toMatchObject({
      before: { number: 2 },
      after: { number: 1, diff: [{ field: "condition", from: condition, to: null }] },
    });
    expect(events[5]?.after).toMatchObject({
      diff: [
        { field: "effect", from: "deny", to: null },
        { field: "permissions", added: [], removed: ["view_invoice"] },
      ],
    });
  });

  test("a name is taken once, a change is made of what was read, and the same is no version", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const id = await created(admin, { name: "Night watch" });
    expect(await createPolicy(admin, aNewPolicy({ name: "NIGHT watch" }))).toMatchObject({
      reason: "name-taken",
    });
    const stale = { expectedVersion: 1, confirmed: true };
    expect(await describePolicy(admin, id, { name: "Day watch" }, stale)).toMatchObject({
      policy: { name: "Day watch", version: 2 },
    });
    const late = { outcome: "rejected", reason: "stale", version: 2 };
    expect(await describePolicy(admin, id, { name: "X" }, stale)).toEqual(late);
    expect(await saveVersion(admin, id, aContent({ effect: "allow" }), stale)).toEqual(late);
    expect(await activateVersion(admin, id, 1, stale)).toEqual(late);
    expect(await deactivatePolicy(admin, id, stale)).toEqual(late);
    expect(await setShadow(admin, id, 1, stale)).toEqual(late);
    expect(await deletePolicy(admin, id, stale)).toEqual(late);
    expect(await saveVersion(admin, id, aContent(), TERMS)).toMatchObject({ reason: "unchanged" });
    expect(await activateVersion(admin, id, 7, TERMS)).toMatchObject({ reason: "unknown-version" });
    expect(await setShadow(admin, id, 7, TERMS)).toMatchObject({ reason: "unknown-version" });
    expect(await eventsOn(id)).toHaveLength(2);
  });

  test("of twenty versions that are based on the same one is written", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const id = await created(admin);
    const terms = { expectedVersion: 1, confirmed: true };
    const results = await race(20, () =>
      saveVersion(admin, id, aContent({ effect: "allow" }), terms),
    );
    expect(results.filter(({ outcome }) => outcome === "saved")).toHaveLength(1);
    expect(await prisma().policyVersion.count({ where: { policyId: id } })).toBe(2);
  });

  test("a version is never changed and never goes alone, not by plain SQL either", async () => {
    const id = await aPolicyOf();
    const run = (sql: string) => prisma().$executeRawUnsafe(sql);
    const where = `WHERE policy_id = '${id}'`;
    await expect(run(`UPDATE policy_versions SET effect = 'allow' ${where}`)).rejects.toThrow(
      /does not change/,
    );
    await expect(run(`UPDATE policy_versions SET condition = '{}' ${where}`)).rejects.toThrow(
      /does not change/,
    );
    await expect(run(`UPDATE policy_versions SET number = 2 ${where}`)).rejects.toThrow(
      /does not change/,
    );
    await expect(run(`DELETE FROM policy_versions ${where}`)).rejects.toThrow(
      /with its policy only/,
    );
    await expect(run(`UPDATE policies SET active_number = 9 WHERE id = '${id}'`)).rejects.toThrow(
      /active_is_a_version/,
    );
    await run(`DELETE FROM policies WHERE id = '${id}'`);
    expect(await prisma().policyVersion.count()).toBe(0);
  });

  test("what does not fit is refused by its field", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const misfitsOf = async (content: Partial<ReturnType<typeof aContent>>) => {
      const result = await createPolicy(admin, aNewPolicy({ content: aContent(content) }));
      return "misfits" in result ? result.misfits : result;
    };
    expect(await misfitsOf({ permissions: ["fly"] })).toEqual([
      { field: "permissions", reason: "unknown-permission", names: ["fly"] },
    ]);
    expect(await misfitsOf({ permissions: ["view_roles"], condition: { kind: "own" } })).toEqual([
      { field: "condition", reason: "unfitting-condition", names: ["own"] },
    ]);
    expect(
      await misfitsOf({
        permissions: ["view_invoice", "view_users"],
        condition: { kind: "field", field: "amount", operator: "at-most", value: 5 },
      }),
    ).toEqual([{ field: "condition", reason: "unfitting-condition", names: ["amount"] }]);
    expect(await misfitsOf({ fields: ["status"] })).toEqual([
      { field: "fields", reason: "not-hideable", names: ["status"] },
    ]);
    expect(await misfitsOf({ effect: "allow", fields: ["amount"] })).toEqual([
      { field: "fields", reason: "allow-hides-nothing", names: ["amount"] },
    ]);
    expect(await misfitsOf({ permissions: ["manage_policies"] })).toEqual([
      { field: "permissions", reason: "undeniable", names: ["manage_policies"] },
    ]);
  });
});

describe("what a policy decides (F91)", () => {
  test("a policy that denies wins over a role and over a policy that allows", async () => {
    const person = await aUserHolding({ view_invoice: "all" });
    const ask = async () => decide(await next(person.id), INVOICE_PERMISSIONS.delete);
    expect(await ask()).toMatchObject({ allowed: false, reason: "no-grant" });
    await aPolicyOf({ effect: "allow", permissions: ["delete_invoice"] }, { stage: "active" });
    expect(await ask()).toMatchObject({ allowed: true });
    const permissions = ["delete_invoice", "view_invoice"];
    const condition = { kind: "user", ids: [person.id] } as const;
    await aPolicyOf(
      { permissions, condition: { ...condition, ids: [...condition.ids] } },
      { stage: "active" },
    );
    expect(await ask()).toMatchObject({ allowed: false, reason: "denied-by-policy" });
    expect(await can(await next(person.id), INVOICE_PERMISSIONS.view)).toBe(false);
    expect(await can(await aCallerHolding({ view_invoice: "all" }), INVOICE_PERMISSIONS.view)).toBe(
      true,
    );
  });

  test("what plain SQL puts in force, changes or ends bites on the next request (D5)", async () => {
    const person = await aUserHolding({ view_invoice: "all" });
    const cookie = await aSession(person.id);
    const sees = async () => can(await callerWith(cookie), INVOICE_PERMISSIONS.view);
    const id = await aPolicyOf();
    expect(await sees()).toBe(true);
    await prisma().$executeRawUnsafe("UPDATE policies SET active_number = 1");
    expect(await sees()).toBe(false);
    await prisma().$executeRawUnsafe("UPDATE policies SET active_number = NULL");
    expect(await sees()).toBe(true);
    await prisma().$executeRawUnsafe("UPDATE policies SET active_number = 1");
    expect(await sees()).toBe(false);
    await prisma().$executeRawUnsafe(`DELETE FROM policies WHERE id = '${id}'`);
    expect(await sees()).toBe(true);
  });

  test("a version in shadow counts exactly the decisions that it would change, and changes none", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const hit = await aUserHolding({ view_invoice: "all" });
    const spared = await aUserHolding({ view_invoice: "all" });
    const nobody = await aUser({ roles: [] });
    const id = await created(admin, {
      content: aContent({ condition: { kind: "user", ids: [hit.id, nobody.id] } }),
    });
    expect(await setShadow(admin, id, 1, TERMS)).toMatchObject({ policy: { shadowNumber: 1 } });
    await authorize(await next(hit.id), INVOICE_PERMISSIONS.view);
    await authorize(await next(hit.id), INVOICE_PERMISSIONS.view);
    await authorize(await next(spared.id), INVOICE_PERMISSIONS.view);
    // Denied with it as without it, and about another permission: nothing would be changed.
    const denied = authorize(await next(nobody.id), INVOICE_PERMISSIONS.view);
    await expect(denied).rejects.toThrow(AccessDenied);
    await expect(authorize(await next(hit.id), INVOICE_PERMISSIONS.delete)).rejects.toThrow(
      AccessDenied,
    );
    const details = await findPolicy(admin, id);
    expect(details?.shadowCounts).toMatchObject([
      { number: 1, permissionKey: "view_invoice", wouldAllow: 0, wouldDeny: 2 },
    ]);

    // In force it decides, and is counted no more.
    expect(await activateVersion(admin, id, 1, TERMS)).toMatchObject({
      policy: { activeNumber: 1, shadowNumber: null },
    });
    await expect(authorize(await next(hit.id), INVOICE_PERMISSIONS.view)).rejects.toThrow(
      AccessDenied,
    );
    expect((await findPolicy(admin, id))?.shadowCounts).toMatchObject([{ wouldDeny: 2 }]);
    expect(await setShadow(admin, id, 1, TERMS)).toMatchObject({ reason: "in-force" });
  });

  test("of a policy in force another version in shadow counts what it would allow", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const person = await aUserHolding({ view_invoice: "all" });
    const condition = { kind: "user" as const, ids: [person.id] };
    const id = await created(admin, { content: aContent({ condition }) });
    await saveVersion(admin, id, aContent({ condition: { kind: "user", ids: [newId()] } }), TERMS);
    await activateVersion(admin, id, 1, TERMS);
    await setShadow(admin, id, 2, TERMS);
    await expect(authorize(await next(person.id), INVOICE_PERMISSIONS.view)).rejects.toThrow(
      AccessDenied,
    );
    expect((await findPolicy(admin, id))?.shadowCounts).toMatchObject([
      { number: 2, wouldAllow: 1, wouldDeny: 0 },
    ]);
  });
});

describe("where a policy counts", () => {
  test("one of an organization counts and is seen in that organization only (ATK-43)", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const foreigner = await aForeignCaller(["Admin"]);
    const organizationId = foreigner.principal.organizationId;
    const id = await aPolicyOf({}, { organizationId, stage: "active" });
    const again = {
      principal: { ...foreigner.principal, grantsVersion: newId() },
      request: aRequest(),
    };
    expect(await can(again, INVOICE_PERMISSIONS.view)).toBe(false);
    expect(await can(await next(admin.principal.userId), INVOICE_PERMISSIONS.view)).toBe(true);
    expect(await findPolicy(admin, id)).toBeNull();
    expect(await listPolicies(admin, { limit: 25 })).toMatchObject({ policies: [] });
    expect(await listPolicies(foreigner, { limit: 25 })).toMatchObject({ policies: [{ id }] });
    expect(await deactivatePolicy(admin, id, TERMS)).toEqual({ outcome: "not-found" });
    expect(await saveVersion(admin, id, aContent(), TERMS)).toEqual({ outcome: "not-found" });
    expect(await setShadow(admin, id, 1, TERMS)).toEqual({ outcome: "not-found" });
    expect(await deletePolicy(admin, id, TERMS)).toEqual({ outcome: "not-found" });
  });

  test("whoever may not see or manage policies is refused, and managing asks for a fresh proof (F22)", async () => {
    const nobody = await aCaller({ roles: [] });
    const reader = await aCallerHolding({ view_policies: "all" });
    const id = await aPolicyOf();
    await expect(listPolicies(nobody, { limit: 5 })).rejects.toThrow(AccessDenied);
    await expect(findPolicy(nobody, id)).rejects.toThrow(AccessDenied);
    await expect(activateVersion(reader, id, 1, TERMS)).rejects.toThrow(AccessDenied);
    await expect(createPolicy(reader, aNewPolicy())).rejects.toThrow(AccessDenied);
    const admin = await aCaller({ roles: ["Admin"] });
    admin.principal.session.authTime = new Date(Date.now() - 3_600_000);
    await expect(activateVersion(admin, id, 1, TERMS)).rejects.toThrow(AssuranceInsufficient);
    expect(await prisma().policy.findUniqueOrThrow({ where: { id } })).toMatchObject({
      activeNumber: null,
    });
  });
});

describe("nobody rules over more than they hold (ATK-42, ATK-44)", () => {
  const MANAGER = { view_policies: "all", manage_policies: "all", view_invoice: "all" } as const;
  const place = "organization";

  test("a delegated manager puts in force what they hold, and nothing beyond", async () => {
    const manager = await aCallerHolding({ ...MANAGER, update_invoice: "own" });
    const within = aContent({ effect: "allow", permissions: ["view_invoice"] });
    const id = await created(manager, { place, content: within });
    expect(await activateVersion(manager, id, 1, TERMS)).toMatchObject({ outcome: "changed" });
    for (const permission of ["delete_invoice", "update_invoice", "manage_roles"]) {
      const content = aContent({ effect: "allow", permissions: [permission] });
      const beyond = await created(manager, { place, content });
      expect(await activateVersion(manager, beyond, 1, TERMS)).toMatchObject({
        reason: "beyond-own-permissions",
        missing: [permission],
      });
      const saved = await saveVersion(manager, id, content, TERMS);
      const number = "number" in saved ? saved.number : 0;
      expect(await activateVersion(manager, id, number, TERMS)).toMatchObject({
        reason: "beyond-own-permissions",
      });
    }
    expect((await findPolicy(manager, id))?.policy.activeNumber).toBe(1);
  });

  test("one for the whole installation is only for whoever holds everything there", async () => {
    const manager = await aCallerHolding(MANAGER);
    const beyond = { reason: "beyond-own-permissions" };
    expect(await createPolicy(manager, aNewPolicy())).toMatchObject(beyond);
    const id = await aPolicyOf({ effect: "allow" });
    expect(await activateVersion(manager, id, 1, TERMS)).toMatchObject(beyond);
    expect(await saveVersion(manager, id, aContent(), TERMS)).toMatchObject(beyond);
    expect(await setShadow(manager, id, 1, TERMS)).toMatchObject(beyond);
    expect(await describePolicy(manager, id, { name: "Mine" }, TERMS)).toMatchObject(beyond);
    expect(await deletePolicy(manager, id, TERMS)).toMatchObject(beyond);
  });

  test("what the author would lose now or in any other request asks for a confirmation that names it", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const lost = { reason: "confirmation-required", lost: ["view_invoice"] };
    const conditions = [
      null,
      { kind: "network" as const, ranges: ["198.51.100.0/24"] },
      { kind: "not" as const, condition: { kind: "network" as const, ranges: ["192.0.2.0/24"] } },
      { kind: "own" as const },
    ];
    for (const condition of conditions) {
      const id = await created(admin, { content: aContent({ condition }) });
      expect(await activateVersion(admin, id, 1, UNCONFIRMED)).toMatchObject(lost);
      expect((await findPolicy(admin, id))?.policy.activeNumber).toBeNull();
    }
    const others = { kind: "user" as const, ids: [newId()] };
    const id = await created(admin, { content: aContent({ condition: others }) });
    expect(await activateVersion(admin, id, 1, UNCONFIRMED)).toMatchObject({ outcome: "changed" });
    const saved = await saveVersion(admin, id, aContent(), TERMS);
    expect(saved).toMatchObject({ number: 2 });
    expect(await activateVersion(admin, id, 2, UNCONFIRMED)).toMatchObject(lost);
    expect(await activateVersion(admin, id, 2, TERMS)).toMatchObject({ outcome: "changed" });
    expect(await can(await next(admin.principal.userId), INVOICE_PERMISSIONS.view)).toBe(false);
  });

  test("a policy that denies its author something is theirs to undo, and not theirs to pass on", async () => {
    const manager = await aUserHolding(MANAGER);
    const { principal } = await next(manager.id);
    const organizationId = principal.organizationId;
    const deny = await aPolicyOf({}, { organizationId, stage: "active" });
    const allow = await aPolicyOf({ effect: "allow" }, { organizationId });
    expect(await activateVersion(await next(manager.id), allow, 1, TERMS)).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["view_invoice"],
    });
    expect(await deactivatePolicy(await next(manager.id), deny, TERMS)).toMatchObject({
      outcome: "changed",
    });
    expect(await activateVersion(await next(manager.id), allow, 1, TERMS)).toMatchObject({
      outcome: "changed",
    });
  });

  test("no policy leaves nobody who can manage roles and users", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const last = { reason: "last-administrator" };
    const always = { kind: "hours" as const, timeZone: "UTC", from: "00:00", until: "00:00" };
    const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
    for (const permission of ["manage_roles", "manage_users"]) {
      for (const condition of [null, { ...always, days: [...days] }]) {
        const content = aContent({ permissions: [permission], condition });
        const id = await created(admin, { content });
        expect(await activateVersion(admin, id, 1, TERMS)).toMatchObject(last);
      }
    }
    const onlyFromHere = {
      kind: "not" as const,
      condition: { kind: "network" as const, ranges: ["198.51.100.0/24"] },
    };
    const content = aContent({ permissions: ["manage_roles"], condition: onlyFromHere });
    const id = await created(admin, { content });
    expect(await activateVersion(admin, id, 1, TERMS)).toMatchObject({ outcome: "changed" });
  });

  test("of two administrators one may be denied, and then not the other (ATK-44)", async () => {
    await prisma().user.updateMany({ data: { status: "disabled" } });
    const [one, other] = [await aCaller({ roles: ["Admin"] }), await aCaller({ roles: ["Admin"] })];
    const deny = async ({ principal }: Caller) => {
      const condition = { kind: "user" as const, ids: [principal.userId] };
      const content = aContent({ permissions: ["manage_users"], condition });
      return activateVersion(one, await created(one, { content }), 1, TERMS);
    };
    expect(await deny(other)).toMatchObject({ outcome: "changed" });
    expect(await deny(one)).toMatchObject({ reason: "last-administrator" });
  });

  test("nothing that gets into the database denies what undoes policies", async () => {
    const permissions = ["manage_policies", "view_policies"];
    await expect(aPolicyOf({ permissions })).rejects.toThrow(/leave_a_way_back/);
    // Past the check as well, as a restored or older database may be.
    await prisma().$executeRawUnsafe(
      "ALTER TABLE policy_versions DROP CONSTRAINT policy_versions_leave_a_way_back",
    );
    const id = await aPolicyOf(
      { permissions: [...permissions, "view_invoice"] },
      { stage: "active" },
    );
    const admin = await aCaller({ roles: ["Admin"] });
    expect(await can(admin, INVOICE_PERMISSIONS.view)).toBe(false);
    expect((await findPolicy(admin, id))?.policy.activeNumber).toBe(1);
    expect(await deactivatePolicy(admin, id, TERMS)).toMatchObject({ outcome: "changed" });
    await prisma().policy.deleteMany();
    await prisma().$executeRawUnsafe(
      `ALTER TABLE policy_versions ADD CONSTRAINT policy_versions_leave_a_way_back
         CHECK (effect <> 'deny' OR NOT (permissions && ARRAY['view_policies', 'manage_policies']))`,
    );
  });
});
