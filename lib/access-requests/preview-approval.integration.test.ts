import { beforeAll, beforeEach, expect, test } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import { askForRole } from "@/lib/access-requests/ask-for-role";
import { endAccess } from "@/lib/access-requests/end-access";
import { approveRequest, listRequesters } from "@/lib/access-requests/review-request";
import { can } from "@/lib/authz/decide";
import { deleteRole } from "@/lib/authz/delete-role";
import type { Probe } from "@/lib/authz/impact/probe";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";
import { assignRoles } from "@/lib/users/assign-roles";
import { aCaller, aUser, callerOf } from "@/tests/support/builders";
import { impactOf, toldBy } from "@/tests/support/previews";
import { aCallerHolding, aRole, aUserHolding, give } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

// What an approval gives, and which requests another change touches (F99).

const terms = (probe?: Probe) => ({ expectedVersion: null, confirmed: false, probe });
let admin: Caller;
let roleId = "";
let user: Caller;

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

beforeEach(async () => {
  await prisma().accessRequest.deleteMany();
  roleId = await aRole({ view_invoice: "all" });
  user = await aCaller({ roles: [] });
});

async function ask(caller = user): Promise<string> {
  const wish = { roleId, reason: "Close the books", durationSeconds: hours(2), decisionId: null };
  const result = await askForRole(caller, wish);
  if (result.outcome !== "asked") throw new Error(result.reason);
  return result.id;
}

const requests = (touched: number, over: number, fewerAnswer: number) => [
  { key: "access-requests", touched, over, fewerAnswer },
];

test("an approval says what they would gain, gives nothing and mails nobody, and is then made", async () => {
  const id = await ask();
  const { userId } = user.principal;
  expect(await listRequesters(admin, id)).toEqual([userId]);
  const approve = (probe?: Probe) => approveRequest(admin, id, "Go", probe);
  const impact = await impactOf(admin, approve, [userId]);
  expect(toldBy(impact)).toEqual({ [userId]: ["gained view_invoice"] });
  expect(impact).toMatchObject({ people: 1, sessions: 1, waiting: requests(1, 1, 0) });
  expect(await can(await callerOf(userId), INVOICE_PERMISSIONS.view)).toBe(false);
  expect((await approve()).outcome).toBe("approved");
  expect(await can(await callerOf(userId), INVOICE_PERMISSIONS.view)).toBe(true);
});

test("ending what was given says what they would lose, and takes nothing (F99)", async () => {
  const id = await ask();
  const { userId } = user.principal;
  expect((await approveRequest(admin, id, "Go")).outcome).toBe("approved");
  const end = (probe?: Probe) => endAccess(admin, id, probe);
  const impact = await impactOf(admin, end, [userId]);
  expect(toldBy(impact)).toEqual({ [userId]: ["lost view_invoice"] });
  expect(await can(await callerOf(userId), INVOICE_PERMISSIONS.view)).toBe(true);
  const below = await aCallerHolding({ approve_access: "all" });
  expect(await previewChange(below, (probe) => endAccess(below, id, probe))).toMatchObject({
    reason: "beyond-own-permissions",
  });
  expect((await end()).outcome).toBe("ended");
  expect(await can(await callerOf(userId), INVOICE_PERMISSIONS.view)).toBe(false);
});

test("nobody previews an approval that is not theirs to give (ATK-42, ATK-43)", async () => {
  const id = await ask();
  const below = await aCallerHolding({ approve_access: "all" });
  const preview = (caller: Caller) =>
    previewChange(caller, (probe) => approveRequest(caller, id, "", probe));
  expect(await preview(below)).toMatchObject({ reason: "beyond-own-permissions" });
  const foreign = await aForeignCaller(["Admin"]);
  expect(await listRequesters(foreign, id)).toEqual([]);
  expect(await preview(foreign)).toEqual({ outcome: "not-found" });
  await expect(listRequesters(user, id)).rejects.toThrow("approve_access was denied");
});

test("a change of a role, or its deletion, tells of the requests for it", async () => {
  await ask();
  const change = (probe: Probe) => setRolePermissions(admin, roleId, {}, terms(probe));
  expect((await impactOf(admin, change)).waiting).toEqual(requests(1, 0, 0));
  const remove = (probe: Probe) => deleteRole(admin, roleId, terms(probe));
  expect(await impactOf(admin, remove)).toMatchObject({ people: 0, waiting: requests(1, 1, 0) });
  // What nobody can answer any more waits for nothing.
  await prisma().accessRequest.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
  expect((await impactOf(admin, remove)).waiting).toEqual([]);
});

test("what somebody who asks gains or loses meanwhile touches their request", async () => {
  await ask();
  const { userId } = user.principal;
  const other = await aRole({ create_invoice: "all" });
  const assign = (probe: Probe) => assignRoles(admin, userId, [other], { confirmed: false, probe });
  expect((await impactOf(admin, assign, [userId])).waiting).toEqual(requests(1, 0, 0));
});

test("an approver who could answer no longer is told, whatever way they lose it", async () => {
  await ask();
  const approving = await aRole({ approve_access: "all" });
  const approver = await aUserHolding({ view_invoice: "all" });
  await give(approver.id, approving);
  const strip = (probe: Probe) => setRolePermissions(admin, approving, {}, terms(probe));
  expect((await impactOf(admin, strip)).waiting).toEqual(requests(0, 0, 1));
  const take = (probe: Probe) =>
    assignRoles(admin, approver.id, [approving], { confirmed: false, probe });
  // Without what the role gives they cannot pass it on.
  expect((await impactOf(admin, take, [approver.id])).waiting).toEqual(requests(0, 0, 1));
});
