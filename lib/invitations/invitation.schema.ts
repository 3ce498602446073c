import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";

/** Roles of an invitation, each once. */
const RoleIds = z
  .array(z.uuid("Use the id of a role."))
  .max(100, "Use at most 100 roles.")
  .transform((ids) => [...new Set(ids)]);

export const NewInvitation = z.strictObject({ email: Email, roleIds: RoleIds.default([]) });
export type NewInvitation = z.infer<typeof NewInvitation>;
