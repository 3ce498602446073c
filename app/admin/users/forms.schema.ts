import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import {
  ImpersonationMinutes,
  ImpersonationReason,
} from "@/lib/impersonation/impersonation.schema";
import { Email, PersonName } from "@/lib/shared/email.schema";
import { Id } from "@/lib/shared/id.schema";
import { RoleIds } from "@/lib/users/user.schema";

/** A field that was left empty. */
const empty = z.literal("").transform(() => null);

const Profile = z.object({
  email: Email,
  name: z.union([empty, PersonName], "Use at most 100 characters on one line."),
});

const ROLE_FIELD = /^role\.\d{1,4}$/;

/** The roles that are ticked: one field each, so that what was ticked comes back from an error. */
const RoleFields = z
  .looseObject({})
  .transform((fields) => ({
    roleIds: Object.entries(fields).flatMap(([name, id]) => (ROLE_FIELD.test(name) ? [id] : [])),
  }))
  .pipe(z.object({ roleIds: RoleIds }));

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

const ExistingUser = z.object({ id: Id, confirm: ticked });

export const NewUserForm = z.intersection(
  Profile.extend({
    password: z.union([empty, NewPassword]),
    ...PreviewIntent.shape,
    /** Whether roles could be chosen at all: choosing none differs from not being asked. */
    choosesRoles: z
      .literal("yes")
      .optional()
      .transform((value) => value === "yes"),
  }),
  RoleFields,
);

export const ProfileForm = ExistingUser.extend(Profile.shape);

export const UserRolesForm = z.intersection(ExistingUser.extend(PreviewIntent.shape), RoleFields);

export const UserForm = ExistingUser;

/** Of what can be previewed. */
export const ChangedUserForm = ExistingUser.extend(PreviewIntent.shape);

export const ResetFactorsForm = ExistingUser.extend({
  reason: z
    .string()
    .trim()
    .min(3, "Say why, for the audit log.")
    .max(200, "Use at most 200 characters."),
});

export const ImpersonationForm = z.object({
  id: Id,
  reason: ImpersonationReason,
  minutes: ImpersonationMinutes,
});

export const UserSessionForm = z.object({ id: Id, sessionId: Id });

export const UserAppForm = z.object({ id: Id, clientId: z.string().min(1).max(500) });

export const UserTokenForm = z.object({ id: Id, tokenId: Id });
