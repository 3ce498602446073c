import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

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
export async function listHeirRows(organizationId: string, db: Db = prisma()): Promise<HeirRow[]> {
  const rows = await db.role.findMany({
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
  });
  return rows.map(({ inherits, ...role }) => ({
    ...role,
    inherits: inherits.map(({ inheritedRoleId }) => inheritedRoleId),
  }));
}
