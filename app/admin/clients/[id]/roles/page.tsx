import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { assignServiceRolesAction } from "@/app/admin/clients/[id]/roles/actions";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { measureServiceRoles } from "@/lib/service-accounts/service-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const metadata: Metadata = { title: "Roles of a service account" };

export default async function ServiceRolesPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(`${clientPath(id)}/roles`, ROLE_PERMISSIONS.view);
  const account = await answerDenials(() => measureServiceRoles(caller, id));
  if (account === null) notFound();
  const { name, roles, beyond } = account;
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles, { id });
  const locked = !mayAssign || beyond.length > 0;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: "Clients", href: LIST_PATH },
              { label: name, href: clientPath(id) },
              { label: "Roles" },
            ]}
          />
        }
        title={name}
        description="A service account: what this app may do in the API when it acts for itself, with tokens of its own secret."
      />
      <div className="space-y-6">
        {mayAssign && beyond.length > 0 && (
          <Callout tone="info" title="You cannot change this service account">
            <p className="[overflow-wrap:anywhere]">
              It holds more than you do: {beyond.join(", ")}. Somebody who holds all of that can
              change it.
            </p>
          </Callout>
        )}
        <Section
          title="Roles"
          description="Saved as one change, which holds from its next request. What takes a person, such as giving roles, it does not do with any."
        >
          {locked ? (
            <RoleChoice roles={roles} locked />
          ) : (
            <ActionForm action={assignServiceRolesAction} aria-label={`Roles of ${name}`}>
              <input type="hidden" name="id" value={id} />
              <RoleChoice roles={roles} />
              <div>
                <SubmitButton>Save roles</SubmitButton>
              </div>
            </ActionForm>
          )}
        </Section>
      </div>
    </div>
  );
}
