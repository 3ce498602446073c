import { inviteMemberAction } from "@/app/admin/organizations/actions";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { can } from "@/lib/authz/decide";
import type { Caller } from "@/lib/shared/caller";
import { listAssignableRoles } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** Asks somebody in, with roles that hold in this organization and nowhere else (F82). */
export async function InviteSection({
  caller,
  organizationId,
}: {
  caller: Caller;
  organizationId: string;
}) {
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles);
  const roles = mayAssign ? await listAssignableRoles(caller) : [];
  return (
    <Section
      title="Invite somebody"
      description="By a link that is good for 7 days, once, and for whoever has this address."
    >
      <ActionForm action={inviteMemberAction} aria-label="Invite somebody" className="max-w-xl">
        <input type="hidden" name="id" value={organizationId} />
        <TextField
          name="email"
          label="Email"
          type="email"
          inputMode="email"
          autoComplete="off"
          required
        />
        {mayAssign ? (
          <div className="space-y-3">
            <h3 className="font-medium text-ink text-sm">Roles in this organization</h3>
            <RoleChoice
              roles={roles.map(({ isDefault: _, ...role }) => ({ ...role, chosen: false }))}
            />
          </div>
        ) : (
          <p className="text-ink-soft text-sm">
            They come without roles: you may not give any. Somebody who may does so afterwards.
          </p>
        )}
        <div>
          <SubmitButton>Send invitation</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
