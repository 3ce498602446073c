import { assignRolesAction } from "@/app/admin/users/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import type { Caller } from "@/lib/shared/caller";
import { listAssignableRoles, type UserDetail } from "@/lib/users/list-users";

/** What the user may do, by roles; to be changed by those who may. */
export async function RolesSection({
  caller,
  user,
  editable,
}: {
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  if (!editable) {
    return (
      <Section title="Roles">
        {user.roles.length === 0 ? (
          <p className="text-ink-soft text-sm">None: this user may do nothing here.</p>
        ) : (
          <ul className="flex flex-wrap gap-2">
            {user.roles.map((role) => (
              <li key={role.id}>
                <Badge>{role.name}</Badge>
              </li>
            ))}
          </ul>
        )}
      </Section>
    );
  }
  const held = new Set(user.roles.map((role) => role.id));
  const roles = await listAssignableRoles(caller);
  return (
    <Section
      title="Roles"
      description="Saved as one change, which holds from the user’s next request."
    >
      <ActionForm action={assignRolesAction} aria-label={`Roles of ${user.email}`}>
        <input type="hidden" name="id" value={user.id} />
        <RoleChoice
          roles={roles.map(({ isDefault: _, ...role }) => ({ ...role, chosen: held.has(role.id) }))}
        />
        <PreviewAnswer />
        <ConfirmLoss />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Save roles</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </Section>
  );
}
