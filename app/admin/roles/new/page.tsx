import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { createRoleAction } from "@/app/admin/roles/actions";
import { LIST_PATH } from "@/app/admin/roles/address";
import { inheritChoices } from "@/app/admin/roles/inherit-choices";
import { matrixGroups } from "@/app/admin/roles/matrix-groups";
import { InheritChoice } from "@/components/admin/inherit-choice";
import { PermissionMatrix } from "@/components/admin/permission-matrix";
import { RoleFields } from "@/components/admin/role-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";

export const metadata: Metadata = { title: "New role" };

export default async function NewRolePage() {
  const caller = await requirePermission(`${LIST_PATH}/new`, ROLE_PERMISSIONS.manage);
  const { groups, catalogue } = await answerDenials(() => matrixGroups(caller, null));
  const inheritable = await answerDenials(() => inheritChoices(caller, null));
  return (
    <>
      <PageHeader
        above={<Breadcrumb items={[{ label: "Roles", href: LIST_PATH }, { label: "New role" }]} />}
        title="New role"
        description="It can give what you hold yourself, and nobody has it until you give it to them."
      />
      <Card className="max-w-3xl p-5 sm:p-6">
        <ActionForm action={createRoleAction} aria-label="New role">
          <RoleFields />
          <PermissionMatrix groups={groups} catalogue={catalogue} />
          <section aria-labelledby="inherited">
            <h2 id="inherited" className="font-semibold text-ink text-sm">
              Inherited roles
            </h2>
            <p className="mb-2 text-ink-faint text-sm">
              Whoever has this role has all that these give, and all that they inherit.
            </p>
            <InheritChoice roles={inheritable} />
          </section>
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Create role</SubmitButton>
            <ButtonLink href={LIST_PATH} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
