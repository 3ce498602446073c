import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Condition } from "@/lib/authz/condition.schema";
import {
  type GrantReach,
  PermissionKey,
  RoleDescription,
  type RoleGrants,
  RoleName,
} from "@/lib/authz/role.schema";
import { Id } from "@/lib/shared/id.schema";

const GRANT_FIELD = /^grant\.(\d{1,4})$/;

interface Matrix {
  grants: RoleGrants;
  /** The field of each permission's condition, for what is wrong with it. */
  fields: Record<string, string>;
}

function readCondition(text: unknown): GrantReach | null {
  try {
    const parsed = Condition.safeParse(JSON.parse(String(text)));
    // One condition that has a word of its own.
    return parsed.success ? (parsed.data.kind === "own" ? "own" : parsed.data) : null;
  } catch {
    return null;
  }
}

/**
 * The grants of a permission matrix: `grant.N` holds the key of what is ticked, `reach.N` how far
 * it reaches, and `condition.N` on what condition. The keys are values and not names, because
 * names like manage_tokens would be taken for fields with a secret in them and
 * come back empty from a form with an error.
 */
const MatrixFields = z.looseObject({}).transform((given, context): Matrix => {
  const matrix: Matrix = { grants: {}, fields: {} };
  for (const [name, value] of Object.entries(given)) {
    const place = GRANT_FIELD.exec(name)?.[1];
    const key = PermissionKey.safeParse(value);
    if (place === undefined || !key.success) continue;
    const field = `condition.${place}`;
    const reach = given[`reach.${place}`] ?? "all";
    const wanted = reach === "condition" ? readCondition(given[field]) : Reach.parse(reach);
    if (wanted === null) {
      const message = "Complete the condition, or choose how far it reaches without one.";
      context.addIssue({ code: "custom", path: [field], message });
    } else matrix.grants[key.data] = wanted;
    matrix.fields[key.data] = field;
  }
  return matrix;
});

/** What is no reach at all gives the least that there is. */
const Reach = z.enum(["all", "own"]).catch("own");

const ROLE_FIELD = /^inherits\.\d{1,4}$/;

/** The roles that are ticked: one field each, so that what was ticked comes back from an error. */
const InheritFields = z
  .looseObject({})
  .transform((fields) => ({
    inherits: Object.entries(fields).flatMap(([name, id]) => (ROLE_FIELD.test(name) ? [id] : [])),
  }))
  .pipe(z.object({ inherits: z.array(Id).max(50, "Choose at most 50 roles.") }));

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

export const NewRoleForm = z.intersection(z.intersection(Description, MatrixFields), InheritFields);

export const DescribeRoleForm = ExistingRole.extend(Description.shape).extend({
  mfaRequired: ticked,
  emergency: ticked,
  ...PreviewIntent.shape,
});

const ChangedRole = ExistingRole.extend(PreviewIntent.shape);

export const RolePermissionsForm = z.intersection(ChangedRole, MatrixFields);

export const RoleInheritanceForm = z.intersection(ChangedRole, InheritFields);

export const DeleteRoleForm = ChangedRole;
