import { z } from "zod";
import { GivenPassword, NewPassword } from "@/lib/credentials/password/password.schema";
import { PersonName } from "@/lib/shared/email.schema";

export const ProfileForm = z.object({
  name: z.union([z.literal("").transform(() => null), PersonName]),
});

export const ChangePasswordForm = z.object({
  current: GivenPassword,
  password: NewPassword,
  returnTo: z.string().optional(),
});

export const SessionForm = z.object({ sessionId: z.uuid() });
