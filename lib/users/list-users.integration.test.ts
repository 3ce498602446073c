import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import {
  countUsers,
  findUser,
  type ListedUser,
  listAssignableRoles,
  listRoleFilters,
  listUsers,
} from "@/lib/users/list-users";
import { USER_SORTS, type UserListing, type UserSort } from "@/lib/users/user.schema";
import { aCaller, aRequest, aUser } from "@/tests/support/builders";
import { aCallerHolding, aRole, give, roleIdNamed } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

let admin: Caller;
let organizationId: string;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  organizationId = admin.principal.organizationId;
});

/** Written past every rule: lists need many users, and no passwords. */
async function aMember(row: {
  name?: string | null;
  email?: string;
  status?: "active" | "pending" | "disabled";
  createdAt?: Date;
  lastSignInAt?: Date;
}): Promise<string> {
  const id = newId();
  await prisma().user.create({
    data: {
      id,
      email: `${id}@example.com`,
      memberships: { create: { organizationId } },
      ...row,
    },
  });
  return id;
}

async function read(listing: Partial<UserListing>, cursor?: string, limit = 100) {
  const result = await listUsers(admin, { sort: "newest", ...listing }, { cursor, limit });
  if (result.outcome !== "listed") throw new Error("a cursor of ours was refused");
  return result;
}

const idsOf = async (listing: Partial<UserListing>): Promise<string[]> =>
  (await read(listing)).users.map((user) => user.id);

test("a search finds parts of names and addresses in any case, and an id, and takes no wildcards", async () => {
  const mark = newId().slice(-8);
  const named = await aMember({ name: `Éva 100%_${mark}` });
  const addressed = await aMember({ email: `x.${mark}@search.example` });
  await aMember({ name: `Éva 1000_${mark}` });
  expect(await idsOf({ q: `éVA 100%_${mark}` })).toEqual([named]);
  expect(await idsOf({ q: `X.${mark}@SEARCH` })).toEqual([addressed]);
  expect(await idsOf({ q: named.toUpperCase() })).toEqual([named]);
  expect(await idsOf({ q: `%${mark}` })).toEqual([]);
  expect(await idsOf({ q: "\\" })).toEqual([]);
});

test("status and role narrow the list, and a grant that has run out does not count", async () => {
  const roleId = await aRole({});
  const [active, disabled, expired] = [
    await aMember({}),
    await aMember({ status: "disabled" }),
    await aMember({}),
  ];
  for (const id of [active, disabled]) await give(id, roleId);
  // Granted here and everywhere, which is one role and one user all the same.
  await give(active, roleId, { organizationId });
  await give(expired, roleId, { expiresAt: new Date(Date.now() - 1_000) });
  expect((await idsOf({ role: roleId })).sort()).toEqual([active, disabled].sort());
  const { users } = await read({ role: roleId, status: "active" });
  expect(users).toMatchObject([{ id: active, roles: [{ id: roleId }] }]);
});

/** Two of each value and two without one, so that every tie and every gap is met. */
async function aSortableCrowd(mark: string): Promise<void> {
  for (const day of [1, 1, 2, 2, 3]) {
    const at = new Date(`2026-01-0${day}T00:00:00Z`);
    await aMember({
      name: `Name ${day}`,
      email: `${mark}-${day}-${newId()}@example.com`,
      createdAt: at,
      lastSignInAt: at,
    });
  }
  for (const _ of [1, 2]) {
    await aMember({ name: null, email: `${mark}-9-${newId()}@example.com` });
  }
}

const VALUES: Record<UserSort, (user: ListedUser) => string | number | null> = {
  newest: (user) => user.createdAt.getTime(),
  name: (user) => user.name,
  email: (user) => user.email,
  "last-sign-in": (user) => user.lastSignInAt?.getTime() ?? null,
};
const DESCENDING = new Set<UserSort>(["newest", "last-sign-in"]);

test.each(USER_SORTS)(
  "walking by %s meets everybody once, in order, there and back",
  async (sort) => {
    const mark = newId().slice(-10);
    await aSortableCrowd(mark);
    const listing = { q: `${mark}-`, sort };
    const whole = (await read(listing)).users;
    expect(whole).toHaveLength(7);
    const values = whole.map((user) => VALUES[sort](user)).filter((value) => value !== null);
    const ordered = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(values).toEqual(DESCENDING.has(sort) ? ordered.toReversed() : ordered);
    // Who has no value in the column comes last.
    const rest = whole.slice(values.length);
    expect(rest.every((user) => VALUES[sort](user) === null)).toBe(true);

    for (const limit of [1, 2, 3]) {
      const pages = [await read(listing, undefined, limit)];
      for (let page = pages[0]; page?.nextCursor; page = pages.at(-1)) {
        pages.push(await read(listing, page.nextCursor, limit));
      }
      expect(pages.flatMap((page) => page.users)).toEqual(whole);
      for (const [index, page] of pages.entries()) {
        const before = page.previousCursor
          ? await read(listing, page.previousCursor, limit)
          : undefined;
        expect(before?.users).toEqual(index === 0 ? undefined : pages[index - 1]?.users);
      }
    }
  },
);

test("a cursor belongs to the order that it was given in", async () => {
  await aMember({});
  await aMember({});
  const { nextCursor } = await read({ sort: "email" }, undefined, 1);
  for (const cursor of [nextCursor ?? "", "x", ""]) {
    expect(await listUsers(admin, { sort: "name" }, { cursor, limit: 1 })).toEqual({
      outcome: "rejected",
      reason: "unknown-cursor",
    });
  }
});

test("users of another organization are in no list and in no search (ATK-43)", async () => {
  const foreign = await aForeignCaller(["Admin"]);
  const { userId } = foreign.principal;
  await prisma().membership.deleteMany({ where: { userId, organizationId } });
  expect(await idsOf({ q: userId })).toEqual([]);
  expect(await findUser(admin, userId)).toBeNull();
  const seen = await listUsers(foreign, { sort: "newest" }, { limit: 100 });
  expect(seen).toMatchObject({ users: [{ id: userId }], nextCursor: null });
});

test("a user shows how they sign in, and what they hold beyond the reader", async () => {
  const { id } = await aUser({ roles: ["Manager"] });
  await prisma().account.create({
    data: { userId: id, type: "oidc", provider: "google", providerAccountId: newId() },
  });
  const detail = await findUser(admin, id);
  expect(detail).toMatchObject({ hasPassword: true, providers: ["google"], beyond: [] });
  const reader = await aCallerHolding({ view_users: "all", view_invoice: "own" });
  expect((await findUser(reader, id))?.beyond).toEqual([
    "create_invoice",
    "delete_invoice",
    "update_invoice",
    "view_invoice",
  ]);
});

test("whoever may see only themselves sees only themselves", async () => {
  const reader = await aCallerHolding({ view_users: "own" });
  const { userId } = reader.principal;
  const page = await listUsers(reader, { sort: "newest" }, { limit: 100 });
  expect(page).toMatchObject({ users: [{ id: userId }] });
  expect(await countUsers(reader)).toEqual({ active: 1, disabled: 0, pending: 0 });
  expect(await findUser(reader, userId)).not.toBeNull();
  await expect(findUser(reader, admin.principal.userId)).rejects.toThrow(AccessDenied);
});

test("roles to give are measured against what the caller holds", async () => {
  const giver = await aCallerHolding({ assign_roles: "all", view_invoice: "all" });
  const roles = await listAssignableRoles(giver);
  expect(roles.find(({ name }) => name === "User")).toMatchObject({ missing: [], isDefault: true });
  expect(roles.find(({ name }) => name === "Manager")?.missing).toEqual([
    "create_invoice",
    "delete_invoice",
    "update_invoice",
  ]);
  expect(await listRoleFilters(admin)).toContainEqual({
    id: await roleIdNamed("Admin"),
    name: "Admin",
  });
});

test("without the permission nobody is listed", async () => {
  const caller = await aCaller({ roles: ["Manager"] });
  const again = () => ({ ...caller, request: aRequest() });
  await expect(listUsers(again(), { sort: "newest" }, { limit: 1 })).rejects.toThrow(AccessDenied);
  await expect(countUsers(again())).rejects.toThrow(AccessDenied);
  await expect(listRoleFilters(again())).rejects.toThrow(AccessDenied);
  await expect(listAssignableRoles(again())).rejects.toThrow(AccessDenied);
});
