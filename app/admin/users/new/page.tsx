import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
import { createUserAction } from "@/app/admin/users/actions";
import { USERS_PATH } from "@/app/admin/users/address";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import type { Caller } from "@/lib/shared/caller";
import { listAssignableRoles } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const metadata: Metadata = { title: "New user" };

export default async function NewUserPage() {
  const caller = await requirePermission(`${USERS_PATH}/new`, USER_PERMISSIONS.manage);
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles);
  return (
    <>
      <PageHeader
        above={<Breadcrumb items={[{ label: "Users", href: USERS_PATH }, { label: "New user" }]} />}
        title="New user"
        description="You vouch for the address: it counts as confirmed."
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createUserAction} aria-label="New user">
          <TextField name="email" label="Email" type="email" autoComplete="off" required />
          <TextField name="name" label="Name" autoComplete="off" maxLength={100} optional />
          <PasswordField
            name="password"
            label="Password"
            hint="Leave it empty to send an invitation: a link to choose a password, good for 7 days."
            autoComplete="new-password"
          />
          {mayAssign ? <Roles caller={caller} /> : <DefaultRolesNote />}
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Create user</SubmitButton>
            <ButtonLink href={USERS_PATH} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}

async function Roles({ caller }: { caller: Caller }) {
  const roles = await listAssignableRoles(caller);
  return (
    <div className="space-y-3">
      <h2 className="font-medium text-ink text-sm">Roles</h2>
      <input type="hidden" name="choosesRoles" value="yes" />
      <RoleChoice
        roles={roles.map(({ isDefault, ...role }) => ({
          ...role,
          chosen: isDefault && role.missing.length === 0,
        }))}
      />
    </div>
  );
}

const DefaultRolesNote = () => (
  <p className="text-ink-soft text-sm">
    The user gets the roles that everybody gets who signs up. You may not give others.
  </p>
);
