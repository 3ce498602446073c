import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";
import { RoleIds } from "@/lib/users/user.schema";

const ROLE_FIELD = /^role\.\d{1,4}$/;

/** The roles that are ticked: one field each, so that what was ticked comes back from an error. */
export const ServiceRolesForm = z
  .looseObject({ id: z.string() })
  .transform(({ id, ...fields }) => ({
    id,
    roleIds: Object.entries(fields).flatMap(([name, value]) =>
      ROLE_FIELD.test(name) ? [value] : [],
    ),
  }))
  .pipe(z.object({ id: Id, roleIds: RoleIds }));
