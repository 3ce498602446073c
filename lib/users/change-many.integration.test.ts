import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { changeMany } from "@/lib/users/change-many";
import { aCaller, anInstance, aSession, aUser } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";
import { aCallerHolding, aRole, aUserHolding, roleIdNamed } from "@/tests/support/roles";

let administrator: Caller;

beforeAll(async () => {
  await anInstance();
  administrator = await aCaller({ roles: ["Admin"] });
});

const statusOf = async (id: string) =>
  (await prisma().user.findUniqueOrThrow({ where: { id } })).status;

test("each is done by itself, and what cannot be done to one is said and stops no other (F104)", async () => {
  const delegate = await aCallerHolding({ manage_users: "all", view_users: "all" });
  const [plain, above] = [await aUserHolding({}), await aUserHolding({ view_audit_log: "all" })];
  const gone = { id: "01900000-0000-7000-8000-000000000000" };
  const last = await aUserHolding({});
  const ids = [plain, above, gone, last].map(({ id }) => id);
  const results = await changeMany(delegate, ids, { kind: "disable" });
  expect(results.map(({ label }) => label)).toEqual([
    plain.email,
    above.email,
    gone.id,
    last.email,
  ]);
  expect(results.map(({ result }) => result)).toMatchObject([
    { outcome: "updated" },
    { reason: "beyond-own-permissions", missing: ["view_audit_log"] },
    { outcome: "not-found" },
    { outcome: "updated" },
  ]);
  expect(await statusOf(plain.id)).toBe("disabled");
  expect(await statusOf(above.id)).toBe("active");
});

test("a role is given and taken with the others as they are, and sessions end", async () => {
  const [one, other] = [await aUser(), await aUser()];
  await aSession(one.id);
  const roleId = await aRole({ view_invoice: "own" });
  const ids = [one.id, other.id];
  const rolesOf = (userId: string) => prisma().userRole.count({ where: { userId } });
  await changeMany(administrator, ids, { kind: "add-role", roleId });
  expect(await Promise.all(ids.map(rolesOf))).toEqual([2, 2]);
  await changeMany(administrator, ids, { kind: "remove-role", roleId });
  expect(await Promise.all(ids.map(rolesOf))).toEqual([1, 1]);
  expect(await changeMany(administrator, [one.id], { kind: "end-sessions" })).toMatchObject([
    { result: { outcome: "ended", count: 1 } },
  ]);
});

test("the last administrator is not among several either, nor a role beyond one's own (ATK-42)", async () => {
  const user = await aUserHolding({});
  const delegate = await aCallerHolding({ assign_roles: "all" });
  const roleId = await roleIdNamed("Admin");
  expect(await changeMany(delegate, [user.id], { kind: "add-role", roleId })).toMatchObject([
    { label: user.id, result: { reason: "beyond-own-permissions" } },
  ]);
  const { userId } = administrator.principal;
  expect(await changeMany(administrator, [userId], { kind: "disable" })).toMatchObject([
    { result: { outcome: "rejected" } },
  ]);
  expect(await statusOf(userId)).toBe("active");
});

test("who may do it to nobody of them is refused as for one, and a stale proof does nothing", async () => {
  const user = await aUserHolding({});
  const own = await aCallerHolding({ manage_users: "own" });
  const nobody = await aCallerHolding({});
  for (const caller of [own, nobody]) {
    await expect(changeMany(caller, [user.id], { kind: "disable" })).rejects.toBeInstanceOf(
      AccessDenied,
    );
  }
  const { principal } = administrator;
  const session = { ...principal.session, authTime: new Date(Date.now() - 3_600_000) };
  const stale = { ...administrator, principal: { ...principal, session } };
  const roleId = await roleIdNamed("User");
  await expect(changeMany(stale, [user.id], { kind: "add-role", roleId })).rejects.toBeInstanceOf(
    AssuranceInsufficient,
  );
  expect(await statusOf(user.id)).toBe("active");
});

test("members of another organization are nobody here (ATK-43)", async () => {
  const user = await aUserHolding({});
  const { id: organizationId } = await anOrganization();
  const { principal } = administrator;
  const elsewhere = { ...administrator, principal: { ...principal, organizationId } };
  expect(await changeMany(elsewhere, [user.id], { kind: "disable" })).toEqual([
    { label: user.id, result: { outcome: "not-found" } },
  ]);
});
