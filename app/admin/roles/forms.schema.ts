import { z } from "zod";
import { PermissionKey, RoleDescription, RoleName } from "@/lib/authz/role.schema";
import { Id } from "@/lib/shared/id.schema";

const GRANT_FIELD = /^grant\.(\d{1,4})$/;

/**
 * The grants of a permission matrix: `grant.N` holds the key of what is ticked
 * and `reach.N` how far it reaches. The keys are values and not names, because
 * names like manage_tokens would be taken for fields with a secret in them and
 * come back empty from a form with an error.
 */
function grantsOf(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, key]) => {
      const place = GRANT_FIELD.exec(name)?.[1];
      if (place === undefined || typeof key !== "string") return [];
      return [[key, fields[`reach.${place}`] ?? "all"]];
    }),
  );
}

const MatrixFields = z
  .looseObject({})
  .transform((fields) => ({ grants: grantsOf(fields) }))
  .pipe(z.object({ grants: z.record(PermissionKey, z.enum(["all", "own", "condition"])) }));

const Description = z.object({ name: RoleName, description: RoleDescription });

/** What is changed, as it was read, and whether its author accepts to lose something by it. */
const ExistingRole = z.object({
  id: Id,
  version: z.coerce.number<string>().int().min(1).max(999_999_999),
  confirm: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
});

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

export const NewRoleForm = z.intersection(Description, MatrixFields);

export const DescribeRoleForm = ExistingRole.extend(Description.shape).extend({
  mfaRequired: ticked,
  emergency: ticked,
});

export const RolePermissionsForm = z.intersection(ExistingRole, MatrixFields);

export const DeleteRoleForm = ExistingRole;
