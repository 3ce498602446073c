import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { conditionNames } from "@/app/admin/condition-catalogue";
import {
  deleteRoleAction,
  describeRoleAction,
  setRoleInheritanceAction,
  setRolePermissionsAction,
} from "@/app/admin/roles/actions";
import { LIST_PATH, rolePath } from "@/app/admin/roles/address";
import { inheritChoices } from "@/app/admin/roles/inherit-choices";
import { matrixGroups } from "@/app/admin/roles/matrix-groups";
import { RoleFlash } from "@/app/admin/roles/role-flash";
import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { EffectiveGrants } from "@/components/admin/effective-grants";
import { type ChoosableInheritance, InheritChoice } from "@/components/admin/inherit-choice";
import {
  MatrixConflict,
  type MatrixGroup,
  PermissionMatrix,
} from "@/components/admin/permission-matrix";
import { RoleFields } from "@/components/admin/role-fields";
import { EditedVersion, VersionedForms } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { LostUpdate } from "@/components/form/lost-update";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { listEffectiveGrants } from "@/lib/authz/effective-grants";
import { findRole, type Role } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";

export const metadata: Metadata = { title: "Role" };

const FIELD_LABELS = { name: "Name", description: "Description" };

export default async function RolePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(rolePath(id), ROLE_PERMISSIONS.view);
  const role = await answerDenials(() => findRole(caller, id));
  if (role === null) notFound();

  const { groups, catalogue, beyondOwn } = await answerDenials(() => matrixGroups(caller, role));
  const effective = await answerDenials(() => listEffectiveGrants(caller, role.id));
  const names = await conditionNames(
    caller,
    effective.flatMap(({ ways }) => ways.map(({ reach }) => reach)),
  );
  const mayManage = await can(caller, ROLE_PERMISSIONS.manage);
  const mayChange = mayManage && beyondOwn.length === 0;
  return (
    <div className="max-w-3xl">
      <RoleFlash />
      <PageHeader
        above={<Breadcrumb items={[{ label: "Roles", href: LIST_PATH }, { label: role.name }]} />}
        title={role.name}
        aside={
          <>
            {role.isDefault && <Badge>On sign-up</Badge>}
            {role.emergency && <Badge tone="warning">For emergencies</Badge>}
          </>
        }
        description={[role.description, `${holders(role.userCount)} it.`].filter(Boolean).join(" ")}
        actions={mayChange && <DeleteDialog role={role} />}
      />
      <div className="space-y-6">
        {mayManage && !mayChange && (
          <Callout tone="info" title="You cannot change this role">
            <p className="[overflow-wrap:anywhere]">
              It gives more than you hold yourself: {beyondOwn.join(", ")}. Somebody who holds all
              of that can change it.
            </p>
          </Callout>
        )}
        {mayChange ? (
          <VersionedForms>
            <Section title="Name and rules">
              <DescribeForm role={role} />
            </Section>
            <Section
              title="Permissions"
              description="Saved as one change, which holds from the next request of everybody who has the role."
            >
              <PermissionsForm role={role} groups={groups} catalogue={catalogue} />
            </Section>
            <Section
              title="Inherited roles"
              description="Whoever has this role has all that these give, and all that they inherit."
            >
              <InheritanceForm role={role} roles={await inheritChoices(caller, role)} />
            </Section>
          </VersionedForms>
        ) : (
          <Section title="Permissions">
            <PermissionMatrix groups={groups} catalogue={catalogue} locked />
          </Section>
        )}
        <Section
          title="What it gives in all"
          description="With the way by which each permission comes."
        >
          <EffectiveGrants grants={effective} names={names} />
        </Section>
      </div>
    </div>
  );
}

/** "3 people have", for a sentence about the role. */
function holders(count: number): string {
  if (count === 0) return "Nobody has";
  return count === 1 ? "1 person has" : `${count} people have`;
}

function DescribeForm({ role }: { role: Role }) {
  return (
    <ActionForm action={describeRoleAction} aria-label={`Name and description of ${role.name}`}>
      <LostUpdate labels={FIELD_LABELS} href={rolePath(role.id)} />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <RoleFields name={role.name} description={role.description} />
      <CheckboxField
        name="mfaRequired"
        label="Ask for a second factor"
        hint="Whoever has this role and no second factor is led to one before anything else."
        defaultChecked={role.mfaRequired}
      />
      <CheckboxField
        name="emergency"
        label="For emergencies"
        hint="Whoever may break the glass may give this role to themselves for an hour at most. Everybody who answers requests is told."
        defaultChecked={role.emergency}
      />
      <div>
        <SubmitButton>Save</SubmitButton>
      </div>
    </ActionForm>
  );
}

function PermissionsForm({
  role,
  groups,
  catalogue,
}: {
  role: Role;
  groups: MatrixGroup[];
  catalogue: ConditionCatalogue;
}) {
  return (
    <ActionForm action={setRolePermissionsAction} aria-label={`Permissions of ${role.name}`}>
      <MatrixConflict href={rolePath(role.id)} />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <PermissionMatrix groups={groups} catalogue={catalogue} />
      <PreviewAnswer />
      <ConfirmLoss />
      <div className="flex flex-wrap gap-2">
        <SubmitButton>Save permissions</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}

function InheritanceForm({ role, roles }: { role: Role; roles: ChoosableInheritance[] }) {
  return (
    <ActionForm action={setRoleInheritanceAction} aria-label={`What ${role.name} inherits`}>
      <MatrixConflict href={rolePath(role.id)} />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <InheritChoice roles={roles} />
      <PreviewAnswer />
      <ConfirmLoss />
      <div className="flex flex-wrap gap-2">
        <SubmitButton>Save inherited roles</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}

function DeleteDialog({ role }: { role: Role }) {
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          Delete
        </>
      }
      size="md"
      title={`Delete the role ${role.name}?`}
      description={
        <>
          <p>
            {role.userCount === 0
              ? "Nobody has it."
              : `${holders(role.userCount)} it and ${role.userCount === 1 ? "loses" : "lose"} it at once.`}{" "}
            This cannot be undone.
          </p>
          {role.isDefault && <p className="mt-2">Whoever signs up from then on does not get it.</p>}
        </>
      }
      confirmLabel="Delete role"
      action={deleteRoleAction}
      fields={{ id: role.id, version: String(role.version) }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}
