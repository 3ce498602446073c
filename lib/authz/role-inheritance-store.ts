import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import { inTenant, type OpenDb, type PlaceDb } from "@/lib/platform/db/tenant";

/** Makes the role inherit exactly these outright. Triggers keep what it gives by that (F90). */
export async function replaceInheritance(
  roleId: string,
  before: readonly string[],
  after: readonly string[],
  db: Db,
): Promise<void> {
  const gone = before.filter((id) => !after.includes(id));
  const added = after.filter((id) => !before.includes(id));
  if (gone.length > 0) {
    await db.roleInheritance.deleteMany({ where: { roleId, inheritedRoleId: { in: gone } } });
  }
  if (added.length > 0) {
    await db.roleInheritance.createMany({
      data: added.map((inheritedRoleId) => ({ roleId, inheritedRoleId })),
    });
  }
}

export interface HeirRow {
  id: string;
  name: string;
  description: string;
  organizationId: string | null;
  inherits: string[];
}

/** Every role that the organization can use, with what each inherits outright, by name. */
export async function listHeirRows(organizationId: string, tx?: OpenDb): Promise<HeirRow[]> {
  const wanted = {
    where: { OR: [{ organizationId: null }, { organizationId }] },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: {
      id: true,
      name: true,
      description: true,
      organizationId: true,
      inherits: {
        select: { inheritedRoleId: true },
        orderBy: { inherited: { name: "asc" } },
      },
    },
  } satisfies Prisma.RoleFindManyArgs;
  const rows = await inTenant(organizationId, (db) => db.role.findMany(wanted), tx);
  return rows.map(({ inherits, ...role }) => ({
    ...role,
    inherits: inherits.map(({ inheritedRoleId }) => inheritedRoleId),
  }));
}

/** Every role of the installation, with what each inherits outright, by name. */
export const listAllHeirRows = (db: PlaceDb): Promise<Omit<HeirRow, "description">[]> =>
  db.$queryRaw`
    SELECT r.id, r.name, r.organization_id AS "organizationId",
           ARRAY(SELECT i.inherited_role_id::text FROM role_inheritance i
                  WHERE i.role_id = r.id ORDER BY i.inherited_role_id) AS inherits
      FROM roles r
     ORDER BY r.name, r.id`;
