import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { InvitationsSection } from "@/app/admin/organizations/[id]/invitations-section";
import { InviteSection } from "@/app/admin/organizations/[id]/invite-section";
import { MembersSection } from "@/app/admin/organizations/[id]/members-section";
import {
  deleteOrganizationAction,
  renameOrganizationAction,
} from "@/app/admin/organizations/actions";
import {
  ORGANIZATIONS_PATH,
  organizationPath,
  searchHref,
} from "@/app/admin/organizations/address";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { OrganizationFields } from "@/components/admin/organization-fields";
import { EditedVersion, VersionedForms } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { LostUpdate } from "@/components/form/lost-update";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { can } from "@/lib/authz/decide";
import {
  findOrganization,
  managesOrganizations,
  type Organization,
} from "@/lib/organizations/find-organizations";
import { Search } from "@/lib/organizations/organization.schema";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";

export const metadata: Metadata = { title: "Organization" };

export default async function OrganizationPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { id } = await params;
  const { listing, cursor } = parseListingAddress(Search, await searchParams);
  const path = organizationPath(id);
  const here = searchHref(path, listing, cursor);
  const caller = await requirePermission(here, ORGANIZATION_PERMISSIONS.view);
  const organization = await answerDenials(() => findOrganization(caller, id));
  if (organization === null) notFound();

  const { principal } = caller;
  const managesAll = await managesOrganizations(principal);
  const mayManageMembers = await can(caller, ORGANIZATION_PERMISSIONS.manageMembers);
  const isOwn = id === principal.organizationId;
  const { name, slug, memberCount } = organization;
  return (
    <div className="max-w-4xl">
      <PageHeader
        above={
          managesAll && (
            <Breadcrumb
              items={[{ label: "Organizations", href: ORGANIZATIONS_PATH }, { label: name }]}
            />
          )
        }
        title={name}
        aside={isOwn && <Badge tone="accent">In use</Badge>}
        description={`${memberCount === 1 ? "1 member" : `${memberCount} members`}. Short name: ${slug}.`}
        actions={managesAll && !isOwn && <DeleteDialog organization={organization} />}
      />
      <div className="space-y-6">
        {managesAll && (
          <Section title="Name">
            <RenameForm organization={organization} />
          </Section>
        )}
        {isOwn ? (
          <>
            <MembersSection
              caller={caller}
              organizationId={id}
              listing={listing}
              cursor={cursor}
              mayManage={mayManageMembers}
            />
            <InvitationsSection caller={caller} organizationId={id} mayManage={mayManageMembers} />
            {mayManageMembers && <InviteSection caller={caller} organizationId={id} />}
          </>
        ) : (
          <Callout tone="info" title="Its members are seen from within">
            <p>
              Whoever is a member of it and may see members does so after switching to it. Yours are
              in <TextLink href="/account/organizations">your organizations</TextLink>.
            </p>
          </Callout>
        )}
      </div>
    </div>
  );
}

function RenameForm({ organization: { id, name, slug, version } }: { organization: Organization }) {
  return (
    <VersionedForms>
      <ActionForm
        action={renameOrganizationAction}
        aria-label={`Name of ${name}`}
        className="max-w-md"
      >
        <LostUpdate labels={{ name: "Name", slug: "Short name" }} href={organizationPath(id)} />
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <OrganizationFields name={name} slug={slug} />
        <div>
          <SubmitButton>Save</SubmitButton>
        </div>
      </ActionForm>
    </VersionedForms>
  );
}

function DeleteDialog({
  organization: { id, name, version, memberCount },
}: {
  organization: Organization;
}) {
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          Delete
        </>
      }
      size="md"
      title={`Delete ${name}?`}
      description={
        <p>
          {memberCount === 1 ? "Its member loses" : `Its ${memberCount} members lose`} their roles
          in it, and sessions in it end. This cannot be undone.
        </p>
      }
      confirmLabel="Delete organization"
      action={deleteOrganizationAction}
      fields={{ id, version: String(version) }}
    >
      <ConfirmLoss />
    </ConfirmDialog>
  );
}
