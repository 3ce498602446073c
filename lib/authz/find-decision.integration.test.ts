import { beforeAll, expect, test } from "vitest";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { replayBeyond } from "@/lib/authz/beyond-trace";
import { findDecision } from "@/lib/authz/find-decision";
import { readTrace } from "@/lib/authz/stored-trace";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles } from "@/lib/users/assign-roles";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { aCallerHolding, aRole, give } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

let admin: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
});

async function refusalOf(caller: Caller, row?: { id: string; ownerId: string }): Promise<string> {
  try {
    await authorize(caller, INVOICE_PERMISSIONS.update, row);
  } catch (error) {
    if (error instanceof AccessDenied) return error.decisionId;
    throw error;
  }
  throw new Error("it was allowed");
}

test("a refusal is explained with the way by which every rule came, as it was then (F95)", async () => {
  const { organizationId } = admin.principal;
  const own = await aRole({ update_invoice: "own" }, `Own ${newId()}`);
  const middle = await aRole({}, `Middle ${newId()}`);
  const top = await aRole({}, `Top ${newId()}`);
  const longer = await aRole({}, `Longer ${newId()}`);
  const edges = [
    [top, middle],
    [middle, own],
    [top, longer],
    [longer, middle],
  ].map(([roleId = "", inheritedRoleId = ""]) => ({ roleId, inheritedRoleId }));
  for (const data of edges) await prisma().roleInheritance.create({ data });
  const [company, sales, west] = [newId(), newId(), newId()];
  const teamRows = [
    { id: company, parentId: null, name: `Company ${company}` },
    { id: sales, parentId: company, name: `Sales ${sales}` },
    { id: west, parentId: sales, name: `West ${west}` },
  ];
  for (const row of teamRows) await prisma().team.create({ data: { ...row, organizationId } });
  await prisma().teamRole.create({ data: { teamId: company, roleId: top } });
  const { id: userId } = await aUser({ roles: [] });
  await prisma().teamMembership.create({ data: { teamId: west, userId, organizationId } });
  const id = await refusalOf(await callerOf(userId), { id: newId(), ownerId: newId() });
  // What is renamed later was called so then.
  await prisma().role.update({ where: { id: middle }, data: { name: `Renamed ${newId()}` } });
  const decision = await findDecision(admin, id);
  if (decision?.kind !== "decision") throw new Error("there is no trace");
  const [rule] = decision.trace.rules;
  expect(rule?.path?.teams.map((name) => name.split(" ")[0])).toEqual(["West", "Sales", "Company"]);
  expect(rule?.path?.roles.map((name) => name.split(" ")[0])).toEqual(["Top", "Middle", "Own"]);
  expect(rule).toMatchObject({ finding: "does-not-count", explained: { finding: "not-met" } });
  expect(decision.trace.verdict).toMatchObject({ reason: "condition-not-met" });
});

test("what a condition compares by id is named, and what the reader's organization cannot see is not", async () => {
  const { organizationId } = admin.principal;
  const foreign = await aForeignCaller([]);
  const elsewhere = await prisma().team.create({
    data: { id: newId(), organizationId: foreign.principal.organizationId, name: "Secret team" },
  });
  const here = await prisma().team.create({
    data: { id: newId(), organizationId, name: `Here ${newId()}` },
  });
  const roleId = await aRole({ update_invoice: "own" });
  await prisma().rolePermission.updateMany({
    where: { roleId },
    data: { condition: { kind: "team", ids: [elsewhere.id, here.id] } },
  });
  const { id: userId } = await aUser({ roles: [] });
  await give(userId, roleId);
  const decision = await findDecision(admin, await refusalOf(await callerOf(userId)));
  if (decision?.kind !== "decision") throw new Error("there is no trace");
  expect(decision.trace.names[here.id]).toBe(here.name);
  expect(JSON.stringify(decision)).not.toContain("Secret team");
});

test("a change beyond one's own is explained by what was missing, and replays (ATK-42)", async () => {
  const target = await aUser({ roles: [] });
  const beyond = await aRole({ view_users: "all", view_invoice: "own" });
  const delegate = await aCallerHolding({ assign_roles: "all", view_invoice: "own" });
  const result = await assignRoles(delegate, target.id, [beyond], { confirmed: false });
  if (result.outcome !== "rejected" || result.reason !== "beyond-own-permissions") {
    throw new Error(JSON.stringify(result));
  }
  const decision = await findDecision(admin, result.decisionId);
  if (decision?.kind !== "beyond-own") throw new Error("there is no trace");
  expect(decision.trace).toMatchObject({
    permissionKey: "assign_roles",
    missing: result.missing,
    principal: { id: delegate.principal.userId },
    target: { type: "user", id: target.id },
  });
  expect(replayBeyond(decision.trace)).toEqual(result.missing);
});

test("what belongs to the whole instance is not given by a role in one organization (ATK-43)", async () => {
  const { organizationId } = admin.principal;
  const { id: userId } = await aUser({ roles: [] });
  await give(userId, await aRole({ manage_organizations: "all" }), { organizationId });
  const refusal = await authorize(await callerOf(userId), ORGANIZATION_PERMISSIONS.manage).catch(
    (error: unknown) => error,
  );
  if (!(refusal instanceof AccessDenied)) throw new Error("it was allowed");
  const decision = await findDecision(admin, refusal.decisionId);
  expect(decision).toMatchObject({
    kind: "decision",
    trace: { rules: [], verdict: { reason: "no-grant" } },
  });
});

test("of a flood that is folded every id told leads to an event and to a trace (ATK-75)", async () => {
  const caller = await aCaller({ roles: [] });
  const told = new Set<string>();
  for (let index = 0; index < 320; index += 1) {
    told.add(await refusalOf({ ...caller, request: aRequest() }));
  }
  expect(told.size).toBe(301);
  const ids = [...told];
  expect(await prisma().auditEvent.count({ where: { id: { in: ids } } })).toBe(301);
  expect(await prisma().decisionTrace.count({ where: { id: { in: ids } } })).toBe(301);
});

test("a decision is of one organization, for those who may see decisions (ATK-43)", async () => {
  const id = await refusalOf(await aCaller({ roles: [] }));
  expect(await findDecision(admin, id)).toMatchObject({ id, kind: "decision" });
  expect(await findDecision(admin, id.toUpperCase())).toMatchObject({ id });
  expect(await findDecision(await aForeignCaller(["Admin"]), id)).toBeNull();
  expect(await findDecision(admin, newId())).toBeNull();
  expect(await findDecision(admin, "\0")).toBeNull();
  const other = await aCallerHolding({ view_audit_log: "all" });
  await expect(findDecision(other, id)).rejects.toThrow("view_decisions");
});

test("a trace of a later format is not read by halves", async () => {
  const id = await refusalOf(await aCaller({ roles: [] }));
  const { trace } = await prisma().decisionTrace.findUniqueOrThrow({ where: { id } });
  const stored = trace as Record<string, unknown>;
  await prisma().decisionTrace.update({
    where: { id },
    data: { trace: { ...stored, format: 2 } as never },
  });
  expect(await findDecision(admin, id)).toEqual({ id, at: expect.any(Date), kind: "unreadable" });
  for (const damaged of [null, {}, { ...stored, facts: null }, { ...stored, kind: "later" }, "x"]) {
    expect(readTrace(damaged)).toEqual({ kind: "unreadable" });
  }
});
