import type { Condition } from "@/lib/authz/condition.schema";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Permission } from "@/lib/shared/permission";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aUser, type TestUser } from "@/tests/support/builders";

/** The same numbers for the same seed (mulberry32): a failure can be looked at again. */
export class Random {
  constructor(private state: number) {}
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  below = (count: number): number => Math.floor(this.next() * count);
  chance = (probability: number): boolean => this.next() < probability;
  pick = <T>(items: readonly T[]): T => {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  some = <T>(items: readonly T[]): T[] => {
    const picked = items.filter(() => this.chance(0.4));
    return picked.length === 0 ? [this.pick(items)] : picked;
  };
}

export const ASKED: Permission[] = [
  INVOICE_PERMISSIONS.view,
  INVOICE_PERMISSIONS.update,
  INVOICE_PERMISSIONS.delete,
  USER_PERMISSIONS.manage,
  USER_PERMISSIONS.assignRoles,
  DECISION_PERMISSIONS.evaluate,
];

export interface World {
  organizationId: string;
  users: TestUser[];
  roleIds: string[];
  teamIds: string[];
  invoiceIds: string[];
}

const ACRS = ["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"] as const;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

function aLeaf(random: Random, world: World, type: string, aboutRequests: boolean): Condition {
  const settled: (() => Condition)[] = [
    () => ({ kind: "own" }),
    () => ({ kind: "user", ids: random.some(world.users.map(({ id }) => id)) }),
    () => ({ kind: "role", ids: [random.pick(world.roleIds)] }),
    () => ({ kind: "team", ids: [random.pick(world.teamIds)] }),
    () => ({ kind: "email-domain", domains: [random.pick(["example.com", "elsewhere.test"])] }),
    () =>
      type === "Invoice"
        ? {
            kind: "field",
            field: "amount",
            operator: random.pick(["at-most", "at-least"]),
            value: random.below(1_000),
          }
        : { kind: "field", field: "status", operator: "equals", value: "active" },
    () =>
      type === "Invoice"
        ? { kind: "field", field: "status", operator: "one-of", value: ["draft", "sent"] }
        : { kind: "field", field: "email", operator: "not-equals", value: "a@example.com" },
    // One that does not fit the type, and is never known.
    () => ({ kind: "field", field: "nothing", operator: "equals", value: "x" }),
  ];
  const ofRequest: (() => Condition)[] = [
    () => ({ kind: "means", oneOf: random.some(["session", "app", "personal-token"] as const) }),
    () => ({
      kind: "hours",
      timeZone: random.pick(["UTC", "Europe/Berlin"]),
      days: random.some(DAYS),
      from: random.pick(["08:00", "20:00"]),
      until: random.pick(["12:00", "06:00"]),
    }),
    () => ({ kind: "network", ranges: [random.pick(["192.0.2.0/24", "2001:db8::/32"])] }),
    () => ({ kind: "assurance", acr: random.pick(ACRS) }),
    () => ({ kind: "assurance", maxAgeSeconds: random.pick([60, 3_600]) }),
  ];
  return random.pick(aboutRequests ? [...settled, ...ofRequest] : settled)();
}

export function aCondition(
  random: Random,
  world: World,
  type: string,
  { aboutRequests = true, depth = 0 } = {},
): Condition {
  const deeper = () => aCondition(random, world, type, { aboutRequests, depth: depth + 1 });
  if (depth < 3 && random.chance(0.3)) {
    if (random.chance(0.3)) return { kind: "not", condition: deeper() };
    return { kind: random.pick(["all", "any"]), conditions: [deeper(), deeper()] };
  }
  return aLeaf(random, world, type, aboutRequests);
}

/** Users, roles that inherit, teams, policies and invoices, at random, written past every rule. */
export async function aRandomWorld(
  random: Random,
  { users = 10, roles = 8, teams = 4, policies = 4, invoices = 12, aboutRequests = true } = {},
): Promise<World> {
  const people: TestUser[] = [];
  for (let index = 0; index < users; index += 1) people.push(await aUser({ roles: [] }));
  const { defaultOrganizationId: organizationId } = await prisma().instance.findUniqueOrThrow({
    where: { id: 1 },
  });
  const ids = (count: number) => Array.from({ length: count }, newId);
  const world: World = {
    organizationId,
    users: people,
    roleIds: ids(roles),
    teamIds: ids(teams),
    invoiceIds: ids(invoices),
  };
  const named = (kind: string, id: string) => `${kind} ${id.slice(-8)}`;
  await prisma().role.createMany({
    data: world.roleIds.map((id) => ({ id, name: named("Role", id) })),
  });
  for (const [index, id] of world.teamIds.entries()) {
    const parentId =
      index > 0 && random.chance(0.6) ? random.pick(world.teamIds.slice(0, index)) : null;
    await prisma().team.create({ data: { id, organizationId, parentId, name: named("Team", id) } });
  }
  const conditionFor = (type: string) =>
    random.chance(0.4) ? {} : { condition: aCondition(random, world, type, { aboutRequests }) };
  const permissions = await prisma().permission.findMany({
    where: { key: { in: ASKED.map(({ key }) => key) } },
  });
  for (const [index, roleId] of world.roleIds.entries()) {
    for (const { id, resourceType } of permissions) {
      if (!random.chance(0.35)) continue;
      const data = { roleId, permissionId: id, ...conditionFor(resourceType) };
      await prisma().rolePermission.create({ data });
    }
    // Only earlier ones, so that there is no cycle.
    for (const inheritedRoleId of world.roleIds.slice(0, index)) {
      if (random.chance(0.25))
        await prisma().roleInheritance.create({ data: { roleId, inheritedRoleId } });
    }
  }
  for (const teamId of world.teamIds) {
    const roleId = random.pick(world.roleIds);
    if (random.chance(0.8)) await prisma().teamRole.create({ data: { teamId, roleId } });
  }
  for (const { id: userId } of people) {
    if (random.chance(0.7)) {
      await prisma().userRole.create({ data: { userId, roleId: random.pick(world.roleIds) } });
    }
    if (random.chance(0.6)) {
      const teamId = random.pick(world.teamIds);
      await prisma().teamMembership.create({ data: { teamId, userId, organizationId } });
    }
  }
  for (let index = 0; index < policies; index += 1) {
    const { key, resourceType } = random.pick(ASKED);
    await aPolicy(organizationId, {
      effect: random.pick(["allow", "deny"]),
      permissions: [key],
      condition: aCondition(random, world, resourceType, { aboutRequests }),
      stage: index === 0 ? "shadow" : "active",
    });
  }
  for (const id of world.invoiceIds) {
    await prisma().invoice.create({
      data: {
        id,
        organizationId,
        ownerId: random.pick(people).id,
        number: named("INV", id),
        customer: "Ada",
        customerKey: "ada",
        amount: random.below(1_000),
        currency: "EUR",
        status: random.pick(["draft", "sent", "paid"]),
      },
    });
  }
  return world;
}

/** A policy of the organization with one version. */
export async function aPolicy(
  organizationId: string,
  {
    effect,
    permissions,
    condition,
    stage = "active",
  }: {
    effect: "allow" | "deny";
    permissions: string[];
    condition?: Condition;
    stage?: "active" | "shadow";
  },
): Promise<string> {
  const id = newId();
  await prisma().policy.create({
    data: {
      id,
      organizationId,
      name: `Policy ${id.slice(-8)}`,
      versions: {
        create: { number: 1, effect, permissions, ...(condition ? { condition } : {}) } as never,
      },
    },
  });
  await prisma().policy.update({
    where: { id },
    data: stage === "active" ? { activeNumber: 1 } : { shadowNumber: 1 },
  });
  return id;
}
