import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Condition } from "@/lib/authz/condition.schema";
import type { DefaultRole } from "@/lib/authz/role-defaults";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Permission } from "@/lib/shared/permission";

/** Any number that only this code uses as an advisory lock. */
const SYNC_LOCK = 7_264_001;

/** True when this call made the installation's first rows. Others wait here for it. */
export async function ensureInstance(db: Db): Promise<boolean> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(${SYNC_LOCK}::bigint)`;
  if ((await db.instance.count()) > 0) return false;
  const organization = await db.organization.create({
    data: { slug: "default", name: "Default" },
    select: { id: true },
  });
  await db.instance.create({
    data: { id: 1, defaultOrganizationId: organization.id },
  });
  return true;
}

/**
 * Inserts what is missing, removes what the code no longer checks, and extends
 * roles that held every permission so far. Returns the keys that are new.
 */
export async function upsertPermissions(declared: Permission[], db: Db): Promise<string[]> {
  const before = await db.permission.findMany({
    select: { id: true, key: true },
  });
  const complete = await db.role.findMany({
    where: { permissions: { some: {} } },
    select: {
      id: true,
      permissions: {
        where: { condition: { equals: Prisma.DbNull } },
        select: { permissionId: true },
      },
    },
  });
  const known = new Set(before.map((permission) => permission.key));
  for (const { key, resourceType, description, instanceWide = false } of declared) {
    await db.permission.upsert({
      where: { key },
      create: { key, resourceType, description, instanceWide, action: key },
      update: { resourceType, description, instanceWide },
    });
  }
  await db.permission.deleteMany({
    where: { key: { notIn: declared.map(({ key }) => key) } },
  });
  const created = declared.filter(({ key }) => !known.has(key)).map(({ key }) => key);
  const ids = await listPermissionIds(db);
  for (const role of complete) {
    const held = new Set(role.permissions.map((permission) => permission.permissionId));
    if (before.length === 0 || !before.every((permission) => held.has(permission.id))) continue;
    await grantKeys(
      role.id,
      created.map((key) => ({ key, condition: null })),
      ids,
      db,
    );
  }
  return created;
}

export async function listPermissionIds(db: Db): Promise<Map<string, string>> {
  const permissions = await db.permission.findMany({
    select: { id: true, key: true },
  });
  return new Map(permissions.map(({ id, key }) => [key, id]));
}

export async function insertRole(role: DefaultRole, db: Db): Promise<string> {
  const id = newId();
  const { name, description, isDefault } = role;
  await db.role.create({ data: { id, name, description, isDefault } });
  return id;
}

export async function grantKeys(
  roleId: string,
  grants: { key: string; condition: Condition | null }[],
  permissionIds: Map<string, string>,
  db: Db,
): Promise<void> {
  await db.rolePermission.createMany({
    data: grants.flatMap(({ key, condition }) => {
      const permissionId = permissionIds.get(key);
      return permissionId === undefined
        ? []
        : [
            {
              roleId,
              permissionId,
              ...(condition === null ? {} : { condition }),
            },
          ];
    }),
    skipDuplicates: true,
  });
}
