import fc from "fast-check";
import { Prisma } from "@/generated/prisma/client";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

// An organization with a delegated administrator, and around them whatever graph of roles, teams,
// grants, conditions and policies comes up.

const OWNABLE = ["view_invoice", "delete_invoice"] as const;
const OWNERLESS = ["view_audit_log", "view_keys"] as const;
/** What the delegate may be allowed to administer at all. */
export const DELEGATED = [
  "manage_teams",
  "assign_roles",
  "manage_users",
  "manage_roles",
  "manage_policies",
  "manage_members",
  "manage_domains",
  "manage_reviews",
  "answer_reviews",
  "approve_access",
  "use_break_glass",
  "reset_factors",
] as const;

export const ROLES = 5;
export const TEAMS = 4;
export const USERS = 4;

const role = fc.nat(ROLES - 1);
const team = fc.nat(TEAMS - 1);
const user = fc.nat(USERS - 1);

/** A condition in terms of places in the lists of roles, teams and users. */
export type Shape =
  | { kind: "own" }
  | { kind: "role" | "team" | "user"; at: number }
  | { kind: "email-domain" }
  | { kind: "not"; condition: Shape }
  | { kind: "any" | "all"; conditions: Shape[] };

const aboutAsker: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constant("team" as const), at: team }),
  fc.record({ kind: fc.constant("role" as const), at: role }),
  fc.record({ kind: fc.constant("user" as const), at: user }),
  fc.constant<Shape>({ kind: "email-domain" }),
);
const negated = fc.record({ kind: fc.constant("not" as const), condition: aboutAsker });
const own = fc.constant<Shape>({ kind: "own" });
const joined: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constantFrom("any" as const, "all" as const),
  conditions: fc.array(fc.oneof(aboutAsker, negated, own), { minLength: 2, maxLength: 2 }),
});
const common = fc.oneof(aboutAsker, negated);

/** What a version of a policy says: who asks decides whether it does. */
export const policyShape = fc.record({
  effect: fc.constantFrom<"allow" | "deny">("allow", "deny"),
  key: fc.constantFrom(...OWNABLE, ...OWNERLESS),
  condition: fc.option(common, { freq: 1 }),
});
export type PolicyShape = typeof policyShape extends fc.Arbitrary<infer T> ? T : never;

const often = fc.constant(null);

/** What a role gives; with few permissions it is one that a delegate may be able to make. */
const grantsOf = (countMax: number) =>
  fc
    .tuple(
      fc.dictionary(fc.constantFrom(...OWNABLE), fc.oneof(often, often, own, common, joined), {
        maxKeys: countMax,
      }),
      fc.dictionary(
        fc.constantFrom(...OWNERLESS, ...DELEGATED),
        fc.oneof(often, often, often, common),
        { maxKeys: countMax },
      ),
    )
    .map(([ownable, ownerless]): Record<string, Shape | null> => ({ ...ownable, ...ownerless }));
const roleGrants = grantsOf(3);
export const grantsShape = grantsOf(1);

const home = fc.constantFrom<"instance" | "here" | "elsewhere">(
  "instance",
  "here",
  "here",
  "elsewhere",
);
const life = fc.constantFrom<"for ever" | "for now" | "over">(
  "for ever",
  "for ever",
  "for now",
  "over",
);

export const worldShape = fc.record({
  roles: fc.array(
    fc.record({ home, grants: roleGrants, emergency: fc.boolean(), preset: fc.nat(5) }),
    { minLength: ROLES, maxLength: ROLES },
  ),
  /** The later one inherits the earlier one, where the rules have it. */
  inherits: fc.array(fc.tuple(role, role), { maxLength: 4 }),
  /** Each within an earlier one, or at the top. */
  parents: fc.array(fc.option(fc.nat(TEAMS - 1)), { minLength: TEAMS, maxLength: TEAMS }),
  teamRoles: fc.array(fc.record({ team, role, life }), { maxLength: 5 }),
  members: fc.array(fc.record({ team, user }), { maxLength: 5 }),
  grants: fc.array(fc.record({ user, role, home, life }), { maxLength: 7 }),
  serviceRoles: fc.array(role, { maxLength: 2 }),
  delegated: fc.oneof(
    fc.constant([...DELEGATED]),
    fc.uniqueArray(fc.constantFrom(...DELEGATED), { minLength: 5, maxLength: 12 }),
  ),
  /** By what the delegate may do that: nobody passes on what only a policy allows them. */
  delegatedBy: fc.constantFrom("role" as const, "role" as const, "policy" as const),
  more: fc.oneof(
    fc.constant([...OWNABLE, ...OWNERLESS]),
    fc.uniqueArray(fc.constantFrom(...OWNABLE, ...OWNERLESS), { maxLength: 2 }),
    fc.uniqueArray(fc.constantFrom(...OWNABLE, ...OWNERLESS), { maxLength: 2 }),
  ),
  policies: fc.array(policyShape, { maxLength: 2 }),
});
export type WorldShape = typeof worldShape extends fc.Arbitrary<infer T> ? T : never;

export interface World {
  here: string;
  elsewhere: string;
  /** The first is the delegate. */
  users: string[];
  roles: string[];
  teams: string[];
  policies: string[];
  /** Asked for, and not answered yet. */
  requests: string[];
  /** Asked for, and given. */
  given: string[];
  /** Who has asked for something themselves. */
  askers: string[];
  /** Sent, and not accepted yet. */
  invitations: { userId: string; token: string }[];
  service: string;
}

type Lists = Pick<World, "users" | "roles" | "teams">;
/** The domain that conditions ask for, and where the last user has their address. */
export const SPECIAL = "special.example";
const NOWHERE = newId();
export const at = (list: string[], place: number): string =>
  list[place % Math.max(1, list.length)] ?? NOWHERE;

export function conditionFrom(shape: Shape, lists: Lists): Prisma.InputJsonObject {
  switch (shape.kind) {
    case "own":
      return { kind: "own" };
    case "email-domain":
      return { kind: "email-domain", domains: [SPECIAL] };
    case "not":
      return { kind: "not", condition: conditionFrom(shape.condition, lists) };
    case "any":
    case "all":
      return {
        kind: shape.kind,
        conditions: shape.conditions.map((part) => conditionFrom(part, lists)),
      };
    default: {
      const list = { role: lists.roles, team: lists.teams, user: lists.users }[shape.kind];
      return { kind: shape.kind, ids: [at(list, shape.at)] };
    }
  }
}

const expiresAt = (life: "for ever" | "for now" | "over"): Date | null =>
  life === "for ever" ? null : new Date(Date.now() + (life === "over" ? -1 : 1) * 3_600_000);

export async function buildWorld(shape: WorldShape): Promise<World> {
  const db = prisma();
  const ids = (count: number) => Array.from({ length: count }, () => newId());
  const [here, elsewhere] = [newId(), newId()];
  const lists = { users: ids(USERS), roles: ids(ROLES), teams: ids(TEAMS) };
  const { users, roles, teams } = lists;
  const placeOf = { instance: null, here, elsewhere };
  const keys = new Map((await db.permission.findMany()).map(({ id, key }) => [key, id]));
  const permission = (key: string) => keys.get(key) ?? NOWHERE;

  await db.organization.createMany({
    data: [here, elsewhere].map((id) => ({ id, slug: `o-${id}`, name: "Organization" })),
  });
  await db.user.createMany({
    data: users.map((id, place) => ({
      id,
      email: `${id}@${place === USERS - 1 ? SPECIAL : "example.com"}`,
    })),
  });
  await db.passkeyCredential.createMany({
    data: users.map((userId) => ({
      userId,
      credentialId: Buffer.from(newId()),
      publicKey: Buffer.from(newId()),
      name: "Key",
    })),
  });
  await db.membership.createMany({
    data: [
      ...users.map((userId) => ({ userId, organizationId: here })),
      { userId: users.at(-1) ?? "", organizationId: elsewhere },
    ],
  });
  await db.role.createMany({
    data: roles.map((id, place) => ({
      id,
      name: id,
      organizationId: placeOf[shape.roles[place]?.home ?? "here"],
      emergency: shape.roles[place]?.emergency ?? false,
      isDefault: shape.roles[place]?.preset === 0,
    })),
  });
  await db.rolePermission.createMany({
    data: roles.flatMap((roleId, place) =>
      Object.entries(shape.roles[place]?.grants ?? {}).map(([key, condition]) => ({
        roleId,
        permissionId: permission(key),
        condition: condition ? conditionFrom(condition, lists) : Prisma.DbNull,
      })),
    ),
  });
  for (const [one, other] of shape.inherits) {
    const [heir, inherited] = [Math.max(one, other), Math.min(one, other)];
    const [own, its] = [shape.roles[heir]?.home, shape.roles[inherited]?.home];
    if (heir === inherited || (its !== "instance" && its !== own)) continue;
    await db.roleInheritance.createMany({
      data: [{ roleId: at(roles, heir), inheritedRoleId: at(roles, inherited) }],
      skipDuplicates: true,
    });
  }
  for (const [place, id] of teams.entries()) {
    const above = shape.parents[place] ?? null;
    const parentId = above === null || above >= place ? null : at(teams, above);
    await db.team.create({ data: { id, name: id, organizationId: here, parentId } });
  }
  await db.teamRole.createMany({
    data: shape.teamRoles.map((grant) => ({
      teamId: at(teams, grant.team),
      roleId: at(roles, grant.role),
      expiresAt: expiresAt(grant.life),
    })),
    skipDuplicates: true,
  });
  await db.teamMembership.createMany({
    data: shape.members.map((it) => ({
      teamId: at(teams, it.team),
      userId: at(users, it.user),
      organizationId: here,
    })),
    skipDuplicates: true,
  });
  await db.userRole.createMany({
    data: shape.grants.map((grant) => ({
      userId: at(users, grant.user),
      roleId: at(roles, grant.role),
      organizationId: placeOf[grant.home],
      expiresAt: expiresAt(grant.life),
    })),
    skipDuplicates: true,
  });
  const delegation = newId();
  await db.role.create({
    data: {
      id: delegation,
      name: delegation,
      organizationId: here,
      permissions: {
        create: [...(shape.delegatedBy === "role" ? shape.delegated : []), ...shape.more].map(
          (key) => ({ permissionId: permission(key) }),
        ),
      },
    },
  });
  await db.userRole.create({
    data: { userId: at(users, 0), roleId: delegation, organizationId: here },
  });
  const service = newId();
  await db.oidcClient.create({
    data: { id: service, name: service, kind: "service", authMethod: "client_secret_basic" },
  });
  await db.serviceAccount.create({ data: { clientId: service, organizationId: here } });
  await db.serviceAccountRole.createMany({
    data: shape.serviceRoles.map((place) => ({ clientId: service, roleId: at(roles, place) })),
    skipDuplicates: true,
  });
  if (shape.delegatedBy === "policy") {
    await allow(here, [...shape.delegated], { kind: "user", ids: [at(users, 0)] });
  }
  const policies = ids(shape.policies.length);
  for (const [place, id] of policies.entries()) {
    const { effect, key, condition } = shape.policies[place] as PolicyShape;
    await db.policy.create({
      data: {
        id,
        name: id,
        organizationId: here,
        versions: {
          create: {
            number: 1,
            effect,
            permissions: [key],
            condition: condition === null ? Prisma.DbNull : conditionFrom(condition, lists),
          },
        },
      },
    });
    await db.policy.update({ where: { id }, data: { activeNumber: 1 } });
  }
  const open = { requests: [], given: [], askers: [], invitations: [] };
  return {
    here,
    elsewhere,
    service,
    users,
    teams,
    policies,
    ...open,
    roles: [...roles, delegation],
  };
}

async function allow(
  organizationId: string,
  permissions: string[],
  condition: Prisma.InputJsonObject,
): Promise<void> {
  const [db, id] = [prisma(), newId()];
  const version = { number: 1, effect: "allow" as const, permissions, condition };
  await db.policy.create({
    data: { id, name: id, organizationId, versions: { create: version } },
  });
  await db.policy.update({ where: { id }, data: { activeNumber: 1 } });
}

/** Leaves nothing behind, so that a run does not make the next one slower. */
export async function removeWorld({ here, elsewhere, service, users }: World): Promise<void> {
  const db = prisma();
  const places = [here, elsewhere];
  await db.oidcClient.deleteMany({ where: { id: service } });
  await db.policy.deleteMany();
  await db.team.updateMany({ where: { organizationId: { in: places } }, data: { parentId: null } });
  await db.user.deleteMany({ where: { id: { in: users } } });
  await db.organization.deleteMany({ where: { id: { in: places } } });
  await db.role.deleteMany({ where: { NOT: { name: { in: ["Admin", "Manager", "User"] } } } });
}
