import { beforeAll, expect, test } from "vitest";
import {
  acknowledgeEmergency,
  breakGlass,
  listOwnEmergencyRoles,
} from "@/lib/access-requests/break-glass";
import { endOwnAccess } from "@/lib/access-requests/end-access";
import { listInbox } from "@/lib/access-requests/list-requests";
import { AccessDenied } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { describeRole } from "@/lib/authz/describe-role";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { type Db, prisma } from "@/lib/platform/db/client";
import { AAL2, AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { hours, minutes } from "@/lib/shared/duration";
import { aCaller, callerOf } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { race, whileUncommitted } from "@/tests/support/race";
import { aCallerHolding, aRole, aUserHolding, eventsOf } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

// Roles that are taken in an emergency and looked at afterwards (F99).

const GIVES = { view_invoice: "all", delete_invoice: "all" } as const;

let roleId = "";
let approver: Caller;

async function anEmergencyRole(grants: Parameters<typeof aRole>[0] = GIVES): Promise<string> {
  const id = await aRole(grants);
  await prisma().role.update({ where: { id }, data: { emergency: true } });
  return id;
}

beforeAll(async () => {
  await aCaller();
  roleId = await anEmergencyRole();
  approver = await aCallerHolding({ approve_access: "all" });
});

const withSession = (caller: Caller, session: Partial<Caller["principal"]["session"]>): Caller => ({
  ...caller,
  principal: { ...caller.principal, session: { ...caller.principal.session, ...session } },
});

const aResponder = async (): Promise<Caller> =>
  withSession(await aCallerHolding({ use_break_glass: "all" }), { acr: AAL2 });

const wish = (role = roleId, durationSeconds = hours(1)) => ({
  roleId: role,
  reason: "The books burn",
  durationSeconds,
});

const again = (caller: Caller): Promise<Caller> => callerOf(caller.principal.userId);

test("it gives the role at once, for what is asked and an hour at most, and tells who can approve", async () => {
  const caller = await aResponder();
  const before = await prisma().outboxMessage.count({ where: { kind: "break-glass" } });
  const result = await breakGlass(caller, wish(roleId, hours(30)));
  expect(result).toMatchObject({ outcome: "given" });
  const grant = await prisma().userRole.findFirstOrThrow({
    where: { userId: caller.principal.userId, roleId },
  });
  const length = (grant.expiresAt?.getTime() ?? 0) - grant.createdAt.getTime();
  expect(Math.round(length / 1000)).toBe(minutes(60));
  expect(grant.organizationId).toBe(caller.principal.organizationId);
  expect(await can(await again(caller), INVOICE_PERMISSIONS.delete)).toBe(true);
  const event = (await eventsOf(caller)).find(({ action }) => action === "access.break_glass_used");
  expect(event).toMatchObject({ outcome: "success", after: { reason: "The books burn" } });
  const mails = await prisma().outboxMessage.findMany({ where: { kind: "break-glass" } });
  expect(mails.length).toBeGreaterThan(before);
  const recipients = mails.map(({ recipient }) => recipient);
  expect(recipients).toContain(approver.principal.email);
  expect(recipients).not.toContain(caller.principal.email);
});

test("it takes the permission, a second factor of the last minutes and the own hand", async () => {
  const caller = await aResponder();
  const without = withSession(await aCaller({ roles: [] }), { acr: AAL2 });
  await expect(breakGlass(without, wish())).rejects.toThrow(AccessDenied);
  const weak = withSession(caller, { acr: "urn:gatehouse:aal1" });
  await expect(breakGlass(weak, wish())).rejects.toThrow(AssuranceInsufficient);
  const old = withSession(caller, { authTime: new Date(Date.now() - 3_600_000) });
  await expect(breakGlass(old, wish())).rejects.toThrow(AssuranceInsufficient);
  for (const means of ["app", "personal-token", "service"] as const) {
    const token = { ...caller, principal: { ...caller.principal, means } };
    await expect(breakGlass(token, wish())).rejects.toThrow(
      means === "service" ? AccessDenied : TokenInsufficient,
    );
  }
  expect(
    await prisma().userRole.count({ where: { userId: caller.principal.userId, roleId } }),
  ).toBe(0);
});

const TAKEN: Record<string, (userId: string, tx: Db) => Promise<unknown>> = {
  "the role that allows it": (userId, tx) => tx.userRole.deleteMany({ where: { userId } }),
  "the membership": async (userId, tx) => {
    await tx.userRole.deleteMany({ where: { userId } });
    await tx.membership.deleteMany({ where: { userId } });
  },
  "the account": (id, tx) => tx.user.update({ where: { id }, data: { status: "disabled" } }),
};

async function expectRefused(caller: Caller, meanwhile: (tx: Db) => Promise<unknown>) {
  const { userId } = caller.principal;
  const result = await whileUncommitted(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM instance FOR UPDATE`;
      await meanwhile(tx);
    },
    () => breakGlass(caller, wish()),
  );
  expect(result).toMatchObject({ outcome: "rejected", reason: "beyond-own-permissions" });
  expect(await prisma().userRole.count({ where: { userId, roleId } })).toBe(0);
  expect(await prisma().accessRequest.count({ where: { userId } })).toBe(0);
  const event = (await eventsOf(caller)).find(({ outcome }) => outcome === "denied");
  expect(event).toMatchObject({ action: "authorization.denied" });
}

test.each(Object.entries(TAKEN))(
  "nobody takes it while somebody takes away %s (ATK-44)",
  async (_what, take) => {
    const caller = await aResponder();
    await expectRefused(caller, (tx) => take(caller.principal.userId, tx));
  },
);

test("nobody takes it while a policy comes into force that denies it (ATK-44)", async () => {
  const caller = await aResponder();
  const condition = { kind: "user" as const, ids: [caller.principal.userId] };
  const id = await aPolicy(["use_break_glass"], { stage: "draft", condition });
  await expectRefused(caller, (tx) =>
    tx.policy.update({ where: { id }, data: { activeNumber: 1 } }),
  );
});

test("only a role that is for emergencies, of one's own organization, can be taken", async () => {
  const caller = await aResponder();
  const UNKNOWN = { outcome: "rejected", reason: "unknown-role" };
  expect(await breakGlass(caller, wish(await aRole(GIVES)))).toEqual(UNKNOWN);
  expect(await breakGlass(caller, wish("no id"))).toEqual(UNKNOWN);
  const foreigner = await aForeignCaller([]);
  const theirs = await anEmergencyRole();
  await prisma().role.update({
    where: { id: theirs },
    data: { organizationId: foreigner.principal.organizationId },
  });
  expect(await breakGlass(caller, wish(theirs))).toEqual(UNKNOWN);
  const offered = (await listOwnEmergencyRoles(caller)).map(({ id }) => id);
  expect(offered).toContain(roleId);
  expect(offered).not.toContain(theirs);
  expect(await listOwnEmergencyRoles(await aCaller({ roles: [] }))).toEqual([]);
});

test("it is never prolonged, of twenty at once one counts, and there are three a day", async () => {
  const caller = await aResponder();
  const results = await race(20, () => breakGlass(caller, wish()));
  expect(results.filter(({ outcome }) => outcome === "given")).toHaveLength(1);
  expect(
    results.filter((result) => "reason" in result && result.reason === "already-held"),
  ).toHaveLength(19);
  for (let use = 2; use <= 4; use += 1) {
    const result = await breakGlass(caller, wish(await anEmergencyRole()));
    expect(result).toMatchObject(
      use <= 3 ? { outcome: "given" } : { reason: "too-many-emergencies" },
    );
  }
});

test("somebody else acknowledges it, once, with what they found; never who did it", async () => {
  const caller = await aResponder();
  const both = await aUserHolding({ use_break_glass: "all", approve_access: "all" });
  const own = withSession(await callerOf(both.id), { acr: AAL2 });
  for (const who of [caller, own]) {
    const result = await breakGlass(who, wish());
    const id = result.outcome === "given" ? result.id : "";
    expect((await listInbox(approver)).unacknowledged.map((row) => row.id)).toContain(id);
    await expect(acknowledgeEmergency(caller, id, "Fine")).rejects.toThrow(AccessDenied);
    if (who === own) {
      expect(await acknowledgeEmergency(own, id, "Fine")).toMatchObject({ reason: "own-request" });
    }
    const foreigner = await aForeignCaller(["Admin"]);
    expect(await acknowledgeEmergency(foreigner, id, "Fine")).toEqual({ outcome: "not-found" });
    const results = await race(10, () => acknowledgeEmergency(approver, id, "It burnt"));
    expect(results.filter(({ outcome }) => outcome === "acknowledged")).toHaveLength(1);
    expect((await listInbox(approver)).unacknowledged.map((row) => row.id)).not.toContain(id);
  }
});

test("it ends early by the own hand and is looked at all the same", async () => {
  const caller = await aResponder();
  const result = await breakGlass(caller, wish());
  const id = result.outcome === "given" ? result.id : "";
  expect(await endOwnAccess(caller, id)).toMatchObject({ outcome: "ended" });
  expect(await can(await again(caller), INVOICE_PERMISSIONS.delete)).toBe(false);
  expect((await listInbox(approver)).unacknowledged.map((row) => row.id)).toContain(id);
});

test("it is looked at although the role is deleted meanwhile", async () => {
  const caller = await aResponder();
  const role = await anEmergencyRole();
  const result = await breakGlass(caller, wish(role));
  const id = result.outcome === "given" ? result.id : "";
  const { name } = await prisma().role.findUniqueOrThrow({ where: { id: role } });
  await prisma().role.delete({ where: { id: role } });
  const waiting = (await listInbox(approver)).unacknowledged.find((row) => row.id === id);
  expect(waiting).toMatchObject({ roleId: null, roleName: name, inForceUntil: null });
  expect(await acknowledgeEmergency(approver, id, "All well")).toEqual({ outcome: "acknowledged" });
});

test("a role is marked for emergencies by whoever may manage it and holds all that it gives", async () => {
  const plain = await aRole(GIVES);
  const terms = { expectedVersion: null, confirmed: false };
  const below = await aCallerHolding({ manage_roles: "all", view_invoice: "all" });
  expect(await describeRole(below, plain, { emergency: true }, terms)).toMatchObject({
    reason: "beyond-own-permissions",
  });
  const manager = await aCallerHolding({ manage_roles: "all", ...GIVES });
  expect(await describeRole(manager, plain, { emergency: true }, terms)).toMatchObject({
    outcome: "changed",
    role: { emergency: true },
  });
});
