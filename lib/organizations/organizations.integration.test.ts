import { beforeAll, expect, test } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import { AccessDenied } from "@/lib/authz/authorize";
import type { Probe } from "@/lib/authz/impact/probe";
import { createOrganization } from "@/lib/organizations/create-organization";
import {
  deleteOrganization,
  listWhomDeletionReaches,
} from "@/lib/organizations/delete-organization";
import {
  findOrganization,
  listOrganizations,
  listOwnOrganizations,
} from "@/lib/organizations/find-organizations";
import { renameOrganization } from "@/lib/organizations/rename-organization";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aUser } from "@/tests/support/builders";
import { aCallerIn, anOrganization, aSessionIn, join } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, eventsOf } from "@/tests/support/roles";

const MANAGE = { view_organization: "all", manage_organizations: "all" } as const;

let manager: Caller;

beforeAll(async () => {
  await aCaller({ roles: ["Admin"] });
  manager = await aCallerHolding(MANAGE);
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });
const fresh = (name = "Contoso") => ({ name, slug: `contoso-${newId().slice(-12)}` });
const TERMS = { expectedVersion: null, confirmed: false };

async function created(input = fresh()) {
  const result = await createOrganization(again(manager), input);
  if (result.outcome !== "created") throw new Error(result.reason);
  return result.organization;
}

test("an organization's first member is who created it, and its creation is on record (F81)", async () => {
  const caller = again(manager);
  const input = fresh();
  const result = await createOrganization(caller, input);
  expect(result).toMatchObject({
    outcome: "created",
    organization: { ...input, version: 1, memberCount: 1 },
  });
  expect(await eventsOf(caller)).toMatchObject([
    { action: "organization.created", outcome: "success", after: input },
  ]);
  expect((await listOwnOrganizations(manager)).map(({ slug }) => slug)).toContain(input.slug);
});

test("held in one organization, the permission creates, changes, deletes and lists none (ATK-43)", async () => {
  const { id } = await anOrganization();
  const local = await aCallerIn(id, MANAGE);
  const acts = [
    () => createOrganization(again(local), fresh()),
    () => renameOrganization(again(local), id, { name: "Mine" }, null),
    () => deleteOrganization(again(local), id, TERMS),
    () => listOrganizations(again(local), {}, { limit: 5 }),
  ];
  for (const act of acts) await expect(act()).rejects.toThrow(AccessDenied);
  expect((await findOrganization(local, id))?.name).toBe("Northwind");
});

test("without the permission nothing is told and nothing is done", async () => {
  const nobody = await aCaller({ roles: [] });
  await expect(createOrganization(nobody, fresh())).rejects.toThrow(AccessDenied);
  await expect(listOrganizations(nobody, {}, { limit: 5 })).rejects.toThrow(AccessDenied);
  await expect(findOrganization(nobody, nobody.principal.organizationId)).rejects.toThrow(
    AccessDenied,
  );
});

test("of ten that want one slug at once one has it", async () => {
  const input = fresh();
  const results = await race(10, () => createOrganization(again(manager), input));
  expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
  expect(results.filter((r) => r.outcome === "rejected" && r.reason === "slug-taken")).toHaveLength(
    9,
  );
});

test("a change is based on what was read: of ten at once one is made, with its event", async () => {
  const { id, slug } = await created();
  const callers = Array.from({ length: 10 }, () => again(manager));
  const results = await race(10, (index) =>
    renameOrganization(callers[index] ?? manager, id, { name: `Name ${index}` }, 1),
  );
  const winner = results.findIndex(({ outcome }) => outcome === "changed");
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  expect(results[(winner + 1) % 10]).toEqual({ outcome: "rejected", reason: "stale", version: 2 });
  expect(await eventsOf(callers[winner] ?? manager)).toMatchObject([
    {
      action: "organization.changed",
      before: { name: "Contoso", slug },
      after: { name: `Name ${winner}`, slug },
    },
  ]);
  const other = await created();
  expect(await renameOrganization(manager, id, { slug: other.slug }, 2)).toEqual({
    outcome: "rejected",
    reason: "slug-taken",
  });
  expect(await renameOrganization(manager, newId(), { name: "x" }, null)).toEqual({
    outcome: "not-found",
  });
});

test("one's own organization is found, another only by whoever manages all (ATK-43)", async () => {
  const [mine, other] = [await anOrganization("Mine"), await anOrganization("Other")];
  const member = await aCallerIn(mine.id, { view_organization: "all" });
  expect((await findOrganization(member, mine.id))?.slug).toBe(mine.slug);
  expect(await findOrganization(member, other.id)).toBeNull();
  expect(await findOrganization(member, "no id")).toBeNull();
  expect((await findOrganization(manager, other.id))?.slug).toBe(other.slug);
});

test("the list is walked in both directions, and searched by name and slug", async () => {
  const mark = newId().slice(-12);
  const names = ["A", "B", "C", "D"].map((letter) => `${letter} ${mark}`);
  for (const name of names) await created(fresh(name));
  const seen: string[] = [];
  let cursor: string | undefined;
  let before: string | null = null;
  do {
    const page = await listOrganizations(manager, { q: mark }, { cursor, limit: 2 });
    if (page.outcome !== "listed") throw new Error(page.reason);
    seen.push(...page.organizations.map(({ name }) => name));
    before = page.previousCursor;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(names);
  const back = await listOrganizations(manager, { q: mark }, { cursor: before ?? "", limit: 2 });
  expect(back.outcome === "listed" && back.organizations.map(({ name }) => name)).toEqual(
    names.slice(0, 2),
  );
  expect(await listOrganizations(manager, {}, { cursor: "nonsense", limit: 2 })).toEqual({
    outcome: "rejected",
    reason: "unknown-cursor",
  });
});

test("nothing is deleted that something hangs on, and what it is is told", async () => {
  const { defaultOrganizationId } = await prisma().instance.findFirstOrThrow();
  expect(await deleteOrganization(again(manager), defaultOrganizationId, TERMS)).toMatchObject({
    outcome: "rejected",
    reason: "obstructed",
    obstacles: { isDefault: true },
  });

  const { id } = await created();
  const owner = await aUser({ roles: [] });
  await join(owner.id, id);
  await prisma().invoice.create({
    data: {
      id: newId(),
      organizationId: id,
      ownerId: owner.id,
      number: "X-1",
      customer: "Ada",
      customerKey: "ada",
      amount: 1n,
      currency: "EUR",
    },
  });
  const stranger = newId();
  await prisma().user.create({
    data: {
      id: stranger,
      email: `${stranger}@example.com`,
      memberships: { create: { organizationId: id } },
    },
  });
  expect(await deleteOrganization(again(manager), id, TERMS)).toEqual({
    outcome: "rejected",
    reason: "obstructed",
    obstacles: {
      isDefault: false,
      invoices: 1,
      connections: 0,
      serviceAccounts: 0,
      onlyHere: 1,
    },
  });
});

test("what a deletion takes from whom is told before it is made, and nothing is deleted by that", async () => {
  const { id } = await created();
  const member = await aUser({ roles: [] });
  await join(member.id, id);
  const there = await aSessionIn(member.id, id);
  const roleId = await aRole({ view_invoice: "all" });
  await prisma().userRole.create({
    data: { id: newId(), userId: member.id, roleId, organizationId: id },
  });
  const remove = (probe?: Probe) => deleteOrganization(again(manager), id, { ...TERMS, probe });
  const userIds = await listWhomDeletionReaches(id);
  expect(userIds.toSorted()).toEqual([member.id, manager.principal.userId].toSorted());
  const told = await previewChange(again(manager), remove, { userIds });
  expect(told).toMatchObject({
    outcome: "previewed",
    // Its author is in it, too. Whoever is elsewhere is nobody here, and is counted alone.
    impact: { people: 2, ended: 1, foretold: null, named: [], unnamed: 2 },
  });
  expect(await findPrincipal(there)).not.toBeNull();
  expect((await remove()).outcome).toBe("deleted");
  expect(await findPrincipal(there)).toBeNull();
  expect(await listWhomDeletionReaches(id)).toEqual([]);
});

test("with an organization go its sessions, memberships and roles, once, and it is on record", async () => {
  const { id, slug } = await created();
  const member = await aUser({ roles: [] });
  await join(member.id, id);
  await aSessionIn(member.id, id);
  expect(await deleteOrganization(again(manager), id, { ...TERMS, expectedVersion: 9 })).toEqual({
    outcome: "rejected",
    reason: "stale",
    version: 1,
  });
  const callers = Array.from({ length: 5 }, () => again(manager));
  const results = await race(5, (index) =>
    deleteOrganization(callers[index] ?? manager, id, TERMS),
  );
  const winner = results.findIndex(({ outcome }) => outcome === "deleted");
  expect(results.filter(({ outcome }) => outcome === "deleted")).toHaveLength(1);
  expect(results.filter(({ outcome }) => outcome === "not-found")).toHaveLength(4);
  expect(await eventsOf(callers[winner] ?? manager)).toMatchObject([
    {
      action: "organization.deleted",
      before: { name: "Contoso", slug, memberCount: 2, sessionCount: 1 },
    },
  ]);
  expect(await prisma().session.count({ where: { organizationId: id } })).toBe(0);
  expect(await prisma().user.count({ where: { id: member.id } })).toBe(1);
});

test("nobody deletes the organization that they are in", async () => {
  const { id } = await created();
  const there = { ...manager.principal, organizationId: id };
  expect(await deleteOrganization({ ...again(manager), principal: there }, id, TERMS)).toEqual({
    outcome: "rejected",
    reason: "in-use",
  });
});
