import fc from "fast-check";
import { Prisma } from "@/generated/prisma/client";
import type { Condition } from "@/lib/authz/condition.schema";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { conditions } from "@/tests/support/arbitrary-rules";
import type { Random } from "@/tests/support/random-world";

// Rows about who may do what, at random: every table that grants are read from, in two
// organizations and on the whole instance, with ends that are over, that come and that never do.

/** The last is about the whole installation, and the one before it about no record. */
export const KEYS = ["view_invoice", "update_invoice", "view_audit_log", "view_keys"];
const ABOUT_NO_RECORD = KEYS.slice(2);

export interface Rows {
  here: string;
  elsewhere: string;
  userIds: string[];
  roleIds: string[];
  teamIds: string[];
  policyIds: string[];
  service: string;
}

const RECORDS: string[] = ["own", "field"] satisfies Condition["kind"][];

const isAboutRecords = (condition: Condition): boolean => {
  if (condition.kind === "not") return isAboutRecords(condition.condition);
  if ("conditions" in condition) return condition.conditions.some(isAboutRecords);
  return RECORDS.includes(condition.kind);
};

/** Conditions from the grammar that the differential test of the evaluation draws from. */
function drawing(random: Random, rows: Rows) {
  const { userIds, roleIds, teamIds } = rows;
  const arbitrary = conditions({ userIds, roleIds, teamIds });
  const drawn = fc.sample(arbitrary, { seed: random.below(2 ** 31), numRuns: 200 });
  const about = drawn.filter((condition) => !isAboutRecords(condition));
  return (key: string) => {
    if (random.chance(0.4)) return Prisma.DbNull;
    return random.pick(ABOUT_NO_RECORD.includes(key) ? about : drawn) as Prisma.InputJsonObject;
  };
}

const END_MS = [null, null, -3_600_000, -1_000, 3_600_000];

export async function writeRandomRows(random: Random): Promise<Rows> {
  const db = prisma();
  const ids = (count: number) => Array.from({ length: count }, newId);
  const rows: Rows = {
    here: newId(),
    elsewhere: newId(),
    userIds: ids(5),
    roleIds: ids(6),
    teamIds: ids(5),
    policyIds: ids(3),
    service: newId(),
  };
  const { here, elsewhere, userIds, roleIds, teamIds, policyIds, service } = rows;
  const places = [null, here, here, elsewhere];
  const end = () => {
    const ms = random.pick(END_MS);
    return ms === null ? null : new Date(Date.now() + ms);
  };
  const conditionFor = drawing(random, rows);
  await db.organization.createMany({
    data: [here, elsewhere].map((id) => ({ id, slug: `o-${id}`, name: "Organization" })),
  });
  await db.user.createMany({
    data: userIds.map((id) => ({
      id,
      email: `${id}@${random.pick(["example.com", "example.org", "sub.example.com"])}`,
    })),
  });
  await db.membership.createMany({
    data: userIds.flatMap((userId) =>
      [here, elsewhere].map((organizationId) => ({ userId, organizationId })),
    ),
  });
  const homes = new Map(roleIds.map((id) => [id, random.pick(places)]));
  await db.role.createMany({
    data: roleIds.map((id) => ({ id, name: id, organizationId: homes.get(id) ?? null })),
  });
  const permissions = await db.permission.findMany({ where: { key: { in: KEYS } } });
  await db.rolePermission.createMany({
    data: roleIds.flatMap((roleId) =>
      permissions
        .filter(() => random.chance(0.4))
        .map(({ id, key }) => ({ roleId, permissionId: id, condition: conditionFor(key) })),
    ),
  });
  for (const [index, roleId] of roleIds.entries()) {
    for (const inheritedRoleId of roleIds.slice(0, index)) {
      const its = homes.get(inheritedRoleId) ?? null;
      if (its !== null && its !== homes.get(roleId)) continue;
      if (!random.chance(0.3)) continue;
      await db.roleInheritance.create({ data: { roleId, inheritedRoleId } });
    }
  }
  const teamHomes = new Map(teamIds.map((id) => [id, random.pick([here, here, elsewhere])]));
  for (const [index, id] of teamIds.entries()) {
    const organizationId = teamHomes.get(id) ?? here;
    const above = teamIds.slice(0, index).filter((it) => teamHomes.get(it) === organizationId);
    const parentId = above.length > 0 && random.chance(0.7) ? random.pick(above) : null;
    await db.team.create({ data: { id, name: id, organizationId, parentId } });
  }
  const pairs = <A, B>(ones: A[], others: B[], probability: number) =>
    ones.flatMap((one) =>
      others.filter(() => random.chance(probability)).map((other) => [one, other] as const),
    );
  await db.teamRole.createMany({
    data: pairs(teamIds, roleIds, 0.2).map(([teamId, roleId]) => ({
      teamId,
      roleId,
      expiresAt: end(),
    })),
  });
  await db.teamMembership.createMany({
    data: pairs(teamIds, userIds, 0.2).map(([teamId, userId]) => ({
      teamId,
      userId,
      organizationId: teamHomes.get(teamId) ?? here,
    })),
  });
  await db.userRole.createMany({
    data: pairs(userIds, roleIds, 0.25).map(([userId, roleId]) => ({
      userId,
      roleId,
      organizationId: random.pick(places),
      expiresAt: end(),
    })),
  });
  await db.oidcClient.create({
    data: { id: service, name: service, kind: "service", authMethod: "client_secret_basic" },
  });
  await db.serviceAccount.create({ data: { clientId: service, organizationId: here } });
  await db.serviceAccountRole.createMany({
    data: pairs([service], roleIds, 0.5).map(([clientId, roleId]) => ({ clientId, roleId })),
  });
  for (const id of policyIds) {
    const versions = [1, 2].map((number) => {
      const key = random.pick(KEYS);
      const effect = random.pick(["allow", "deny"] as const);
      return { number, effect, permissions: [key], condition: conditionFor(key) };
    });
    await db.policy.create({
      data: { id, name: id, organizationId: random.pick(places), versions: { create: versions } },
    });
    const [activeNumber, shadowNumber] = random.pick([
      [1, null],
      [2, null],
      [2, 1],
      [null, 2],
    ]);
    await db.policy.update({
      where: { id },
      data: { activeNumber: activeNumber ?? null, shadowNumber: shadowNumber ?? null },
    });
  }
  return rows;
}

/** A few rows come and go, as somebody past every use case would do it. */
export async function changeRows(random: Random, rows: Rows): Promise<void> {
  const db = prisma();
  const { userIds, roleIds, teamIds, policyIds } = rows;
  const [userId, roleId, teamId] = [userIds, roleIds, teamIds].map((list) => random.pick(list)) as [
    string,
    string,
    string,
  ];
  const changes = [
    () => db.userRole.deleteMany({ where: { userId } }),
    () => db.userRole.create({ data: { userId, roleId } }),
    () => db.rolePermission.deleteMany({ where: { roleId } }),
    () => db.roleInheritance.deleteMany({ where: { roleId } }),
    () => db.teamMembership.deleteMany({ where: { userId } }),
    () => db.teamRole.deleteMany({ where: { teamId } }),
    () => db.teamRole.updateMany({ where: { teamId }, data: { expiresAt: new Date(0) } }),
    () => db.userRole.updateMany({ where: { userId }, data: { expiresAt: null } }),
    () => db.team.updateMany({ where: { id: teamId }, data: { parentId: null } }),
    () =>
      db.policy.updateMany({ where: { id: random.pick(policyIds) }, data: { activeNumber: 2 } }),
    () =>
      db.policy.updateMany({ where: { id: random.pick(policyIds) }, data: { activeNumber: null } }),
  ];
  for (const change of random.some(changes)) await change();
}

export async function removeRows(rows: Rows): Promise<void> {
  const db = prisma();
  const { here, elsewhere, userIds, roleIds, policyIds, service } = rows;
  await db.session.deleteMany({ where: { organizationId: { in: [here, elsewhere] } } });
  await db.oidcClient.deleteMany({ where: { id: service } });
  await db.policy.deleteMany({ where: { id: { in: policyIds } } });
  await db.team.updateMany({
    where: { organizationId: { in: [here, elsewhere] } },
    data: { parentId: null },
  });
  await db.user.deleteMany({ where: { id: { in: userIds } } });
  await db.organization.deleteMany({ where: { id: { in: [here, elsewhere] } } });
  await db.role.deleteMany({ where: { id: { in: roleIds } } });
}
