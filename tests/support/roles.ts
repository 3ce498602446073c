import type { GrantReach } from "@/lib/authz/role.schema";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aUser, callerOf, type TestUser } from "@/tests/support/builders";

export type Grants = Record<string, GrantReach>;

/** A role of the instance that gives this, written past every rule. */
export async function aRole(grants: Grants, name = `Role ${newId()}`): Promise<string> {
  const permissions = await prisma().permission.findMany({
    where: { key: { in: Object.keys(grants) } },
  });
  const { id } = await prisma().role.create({
    data: {
      id: newId(),
      name,
      permissions: {
        create: permissions.map((permission) => {
          const reach = grants[permission.key] ?? "all";
          if (reach === "all") return { permissionId: permission.id };
          const condition = reach === "own" ? { kind: "own" } : reach;
          return { permissionId: permission.id, condition };
        }),
      },
    },
  });
  return id;
}

/** Gives a role, written past every rule. */
export async function give(
  userId: string,
  roleId: string,
  extra: { organizationId?: string; expiresAt?: Date } = {},
): Promise<void> {
  await prisma().userRole.create({ data: { userId, roleId, ...extra } });
}

/** A user who holds exactly this. */
export async function aUserHolding(grants: Grants): Promise<TestUser> {
  const user = await aUser({ roles: [] });
  await give(user.id, await aRole(grants));
  return user;
}

/** A signed-in caller who holds exactly this. */
export const aCallerHolding = async (grants: Grants): Promise<Caller> =>
  callerOf((await aUserHolding(grants)).id);

/** What the user's roles give now, widest reach first: `view_invoice` over `view_invoice (own)`. */
export async function holdingsOf(userId: string): Promise<Grants> {
  const rows = await prisma().rolePermission.findMany({
    where: { role: { users: { some: { userId } } } },
    select: { condition: true, permission: { select: { key: true } } },
  });
  const held: Grants = {};
  for (const { condition, permission } of rows) {
    if (condition === null) held[permission.key] = "all";
    else held[permission.key] ??= "own";
  }
  return held;
}

export const roleIdNamed = async (name: string): Promise<string> =>
  (await prisma().role.findFirstOrThrow({ where: { name } })).id;

export const roleIdsOf = async (userId: string): Promise<string[]> =>
  (await prisma().userRole.findMany({ where: { userId } })).map(({ roleId }) => roleId).sort();

/** The audit events of one request, in the order in which they were written. */
export const eventsOf = ({ request }: Pick<Caller, "request">) =>
  prisma().auditEvent.findMany({
    where: { requestId: request.requestId },
    orderBy: { id: "asc" },
  });
