import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { OrganizationName, OrganizationSlug } from "@/lib/organizations/organization.schema";
import { Email } from "@/lib/shared/email.schema";
import { Id } from "@/lib/shared/id.schema";
import { RoleIds } from "@/lib/users/user.schema";

export const NewOrganizationForm = z.object({ name: OrganizationName, slug: OrganizationSlug });

const ExistingOrganization = z.object({
  id: Id,
  version: z.coerce.number<string>().int().min(1).max(999_999_999),
});

export const RenameOrganizationForm = ExistingOrganization.extend(NewOrganizationForm.shape);

export const DeleteOrganizationForm = ExistingOrganization.extend({
  confirm: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
}).extend(PreviewIntent.shape);

export const MemberForm = PreviewIntent.extend({ id: Id, userId: Id });

export const InvitationForm = z.object({ id: Id, invitationId: Id });

const ROLE_FIELD = /^role\.\d{1,4}$/;

/** The roles that are ticked: one field each, so that what was ticked comes back from an error. */
const RoleFields = z
  .looseObject({})
  .transform((fields) => ({
    roleIds: Object.entries(fields).flatMap(([name, id]) => (ROLE_FIELD.test(name) ? [id] : [])),
  }))
  .pipe(z.object({ roleIds: RoleIds }));

export const InviteForm = z.intersection(
  PreviewIntent.extend({ id: Id, email: Email }),
  RoleFields,
);
