import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Id } from "@/lib/shared/id.schema";
import { RoleIds } from "@/lib/users/user.schema";

const ROLE_FIELD = /^role\.\d{1,4}$/;

/** The roles that are ticked: one field each, so that what was ticked comes back from an error. */
export const ServiceRolesForm = z
  .looseObject({ id: z.string(), ...PreviewIntent.shape })
  .transform(({ id, intent, ...fields }) => ({
    id,
    intent,
    roleIds: Object.entries(fields).flatMap(([name, value]) =>
      ROLE_FIELD.test(name) ? [value] : [],
    ),
  }))
  .pipe(z.object({ id: Id, intent: z.boolean(), roleIds: RoleIds }));
