import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";
import { RoleIds } from "@/lib/users/user.schema";

export const NewInvitation = z.strictObject({ email: Email, roleIds: RoleIds.default([]) });
export type NewInvitation = z.infer<typeof NewInvitation>;
