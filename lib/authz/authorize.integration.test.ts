import { beforeAll, expect, test } from "vitest";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { accessibleRows, can } from "@/lib/authz/decide";
import { listPermissionKeys, listRoleNames } from "@/lib/authz/list-held-permissions";
import { loadRules } from "@/lib/authz/load-rules";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Permission } from "@/lib/shared/permission";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

const { view, update } = INVOICE_PERMISSIONS;

/** A role of its own for one test, so that no test changes another's. */
async function aRole(keys: string[], condition?: object) {
  const permissions = await prisma().permission.findMany({ where: { key: { in: keys } } });
  const name = `Role ${newId()}`;
  await prisma().role.create({
    data: {
      name,
      permissions: {
        create: permissions.map(({ id }) => ({
          permissionId: id,
          ...(condition === undefined ? {} : { condition }),
        })),
      },
    },
  });
  return name;
}

const denialOf = async (work: Promise<unknown>): Promise<AccessDenied> => {
  const outcome: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof AccessDenied) return outcome;
  throw new Error("nothing was denied");
};

test("a permission comes from a role's rows, and deleting the row bites at once (F88)", async () => {
  const role = await aRole(["view_invoice"]);
  const cookie = await aSession((await aUser({ roles: [role] })).id);
  expect(await can(await callerWith(cookie), view)).toBe(true);
  await prisma().$executeRaw`
    DELETE FROM role_permissions WHERE role_id = (SELECT id FROM roles WHERE name = ${role})`;
  expect(await can(await callerWith(cookie), view)).toBe(false);
});

test("a grant and its withdrawal by plain SQL bite at once", async () => {
  const user = await aUser({ roles: [] });
  const cookie = await aSession(user.id);
  expect(await can(await callerWith(cookie), view)).toBe(false);
  await prisma().$executeRaw`
    INSERT INTO user_roles (id, user_id, role_id)
    SELECT ${newId()}::uuid, ${user.id}::uuid, id FROM roles WHERE name = 'Manager'`;
  expect(await can(await callerWith(cookie), update)).toBe(true);
  await prisma().$executeRaw`DELETE FROM user_roles WHERE user_id = ${user.id}::uuid`;
  expect(await can(await callerWith(cookie), update)).toBe(false);
});

test("a grant ends at its expiry without any job (F99)", async () => {
  const caller = await aCaller({ roles: ["Manager"] });
  await prisma().userRole.updateMany({
    where: { userId: caller.principal.userId },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  const fresh = await callerWith(await aSession(caller.principal.userId));
  expect(await can(fresh, view)).toBe(false);
});

test("an expiry ahead ends rules that were read before, with nothing else changing", async () => {
  const user = await aUser({ roles: ["Manager"] });
  await prisma().userRole.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(Date.now() + 400) },
  });
  const cookie = await aSession(user.id);
  expect(await can(await callerWith(cookie), view)).toBe(true);
  const later = async () => can(await callerWith(cookie), view);
  await expect.poll(later, { timeout: 3_000 }).toBe(false);
});

test("`own` reaches the principal's records and no others", async () => {
  const caller = await aCaller({ roles: ["User"] });
  const row = { id: newId(), ownerId: caller.principal.userId };
  expect(await can(caller, view, row)).toBe(true);
  expect(await can(caller, view, { ...row, ownerId: newId() })).toBe(false);
});

test.each([[{ kind: "unknown" }], [{}], [{ kind: "own", extra: 1 }]])(
  "the condition %j, which this version cannot read, grants nothing (FLT-26)",
  async (condition) => {
    const role = await aRole(["view_invoice"], condition);
    expect(await can(await aCaller({ roles: [role] }), view)).toBe(false);
  },
);

test.each([["own"], [7], [true], [[]], [[{ kind: "own" }]], [null]])(
  "the condition %j, which is no object, cannot be stored at all (FLT-26)",
  async (condition) => {
    const caller = await aCaller({ roles: [await aRole(["view_invoice"], { kind: "unknown" })] });
    const stored = prisma().$executeRaw`
      UPDATE role_permissions SET condition = ${JSON.stringify(condition)}::jsonb
       WHERE condition ->> 'kind' = 'unknown'`;
    await expect(stored).rejects.toThrow(/role_permissions_condition_is_an_object/);
    expect(await can(caller, view)).toBe(false);
  },
);

test("`own` on a resource type without an owner grants nothing", async () => {
  const role = await aRole(["view_roles"], { kind: "own" });
  expect(await can(await aCaller({ roles: [role] }), ROLE_PERMISSIONS.view)).toBe(false);
});

test("a principal without grants sees no row in a list, instead of every row (D7)", async () => {
  const { principal: owner } = await aCaller({ roles: ["Manager"] });
  await prisma().invoice.create({
    data: {
      organizationId: owner.organizationId,
      ownerId: owner.userId,
      number: `T-${newId()}`,
      customer: "Customer",
      amount: 1n,
      currency: "EUR",
    },
  });
  const nobody = await aCaller({ roles: [] });
  const rows = await prisma().invoice.findMany({
    where: { AND: [await accessibleRows(nobody, view)] },
  });
  expect(rows).toEqual([]);
  expect(await prisma().invoice.count()).toBeGreaterThan(0);
});

test("a refusal is in the audit log under the id that the caller is told (F95)", async () => {
  const caller = await aCaller({ roles: ["User"] });
  const target = { id: newId(), ownerId: newId() };
  const denial = await denialOf(authorize(caller, view, target));
  expect(denial.reason).toBe("condition-not-met");
  const event = await prisma().auditEvent.findUniqueOrThrow({ where: { id: denial.decisionId } });
  expect(event).toMatchObject({
    action: "authorization.denied",
    outcome: "denied",
    actorId: caller.principal.userId,
    targetId: target.id,
    requestId: caller.request.requestId,
  });
});

test("a permission that no role gives is denied as such, and twice in one request is one event", async () => {
  const caller = { ...(await aCaller({ roles: ["User"] })), request: aRequest() };
  const first = await denialOf(authorize(caller, update));
  const second = await denialOf(authorize(caller, ROLE_PERMISSIONS.manage));
  expect(first.reason).toBe("no-grant");
  expect(second.decisionId).toBe(first.decisionId);
  const { requestId } = caller.request;
  expect(await prisma().auditEvent.count({ where: { requestId } })).toBe(1);
});

test("two requests that came under one id are two decisions", async () => {
  const caller = await aCaller({ roles: ["User"] });
  const { requestId } = caller.request;
  const again = { ...caller, request: aRequest({ requestId }) };
  const first = await denialOf(authorize(caller, update));
  const second = await denialOf(authorize(again, ROLE_PERMISSIONS.manage));
  expect(second.decisionId).not.toBe(first.decisionId);
  const events = await prisma().auditEvent.findMany({
    where: { requestId },
    orderBy: { at: "asc" },
  });
  expect(events.map(({ id }) => id)).toEqual([first.decisionId, second.decisionId]);
});

test("a flood of refusals does not fill the audit log, and every id told is in it", async () => {
  const flooder = await aCaller({ roles: ["User"] });
  const refuse = (permission: Permission) =>
    denialOf(authorize({ ...flooder, request: aRequest() }, permission));
  const denials: AccessDenied[] = [];
  // Not all at once: a loaded machine would refuse some for want of a connection.
  for (let wave = 0; wave < 20; wave += 1) denials.push(...(await race(20, () => refuse(update))));
  const others = await race(20, () => refuse(ROLE_PERMISSIONS.manage));
  const told = [...new Set([...denials, ...others].map(({ decisionId }) => decisionId))];
  const events = await prisma().auditEvent.findMany({
    where: { actorId: flooder.principal.userId, action: "authorization.denied" },
  });
  expect(events.map(({ id }) => id).sort()).toEqual(told.sort());
  expect(events).toHaveLength(302);
  const folded = events.filter(({ after }) => after !== null);
  expect(folded.map(({ reason }) => reason).sort()).toEqual([
    "manage_roles: no-grant",
    "update_invoice: no-grant",
  ]);

  const bystander = await aCaller({ roles: ["User"] });
  const { decisionId } = await denialOf(authorize(bystander, update));
  expect(decisionId).toBe(bystander.request.decisionId);
});

test("of the rules of many the oldest is forgotten, and decides alike when it is asked again", async () => {
  const caller = await aCaller({ roles: ["User"] });
  const { principal } = caller;
  expect(await can(caller, view)).toBe(true);
  const held = (await loadRules(principal)).rules;
  expect((await loadRules(principal)).rules).toBe(held);
  // Nobody has a role there, so each of these is a small one.
  for (let filled = 0; filled < 5_000; filled += 50) {
    const others = Array.from({ length: 50 }, () => ({ ...principal, userId: newId() }));
    await Promise.all(others.map((other) => loadRules(other)));
  }
  expect((await loadRules(principal)).rules).not.toBe(held);
  expect(await can(caller, view)).toBe(true);
});

test("what is listed is what is granted", async () => {
  const caller = await aCaller({ roles: ["User", "Manager"] });
  expect(await listRoleNames(caller)).toEqual(["Manager", "User"]);
  expect(await listPermissionKeys(caller)).toEqual([
    "create_invoice",
    "delete_invoice",
    "update_invoice",
    "view_invoice",
  ]);
});
