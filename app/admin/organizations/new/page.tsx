import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { createOrganizationAction } from "@/app/admin/organizations/actions";
import { ORGANIZATIONS_PATH } from "@/app/admin/organizations/address";
import { OrganizationFields } from "@/components/admin/organization-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { authorizeOnInstance } from "@/lib/authz/in-organization";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";

export const metadata: Metadata = { title: "New organization" };

export default async function NewOrganizationPage() {
  const { manage } = ORGANIZATION_PERMISSIONS;
  const caller = await requirePermission(`${ORGANIZATIONS_PATH}/new`, manage);
  await answerDenials(() => authorizeOnInstance(caller, manage));
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: "Organizations", href: ORGANIZATIONS_PATH },
              { label: "New organization" },
            ]}
          />
        }
        title="New organization"
        description="You become its first member. Switch to it to invite others."
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createOrganizationAction} aria-label="New organization">
          <OrganizationFields />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Create organization</SubmitButton>
            <ButtonLink href={ORGANIZATIONS_PATH} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
