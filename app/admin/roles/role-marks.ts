import "server-only";
import type { MatrixMark } from "@/components/admin/role-matrix";
import type { Role } from "@/lib/authz/list-roles";

/** How each permission is given that the role gives, by its key: the role's own grant is named first. */
export function marksOf({ grants, gives }: Role): Record<string, MatrixMark> {
  const marks: Record<string, MatrixMark> = {};
  for (const { permissionKey, condition } of gives) {
    const own = grants[permissionKey];
    if (own === "all") marks[permissionKey] = "itself";
    else if (own !== undefined) marks[permissionKey] = "itself-if";
    // Of several that it inherits one without a condition is what counts.
    else if (condition === null) marks[permissionKey] = "inherited";
    else marks[permissionKey] ??= "inherited-if";
  }
  return marks;
}
