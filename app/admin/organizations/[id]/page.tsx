import { Trash2 } from "lucide-react";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
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
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
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

export const generateMetadata = titled("admin-organizations.one");

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
  const managesAll = await managesOrganizations(caller);
  const mayManageMembers = await can(caller, ORGANIZATION_PERMISSIONS.manageMembers);
  const isOwn = id === principal.organizationId;
  const { name, slug, memberCount } = organization;
  const t = await getTranslations("admin-organizations");
  return (
    <div className="max-w-4xl">
      <PageHeader
        above={
          managesAll && (
            <Breadcrumb
              items={[{ label: t("title"), href: ORGANIZATIONS_PATH }, { label: name }]}
            />
          )
        }
        title={name}
        aside={isOwn && <Badge tone="accent">{t("inUse")}</Badge>}
        description={t("one.description", { count: memberCount, slug })}
        actions={managesAll && !isOwn && <DeleteDialog organization={organization} />}
      />
      <div className="space-y-6">
        {managesAll && (
          <Section title={t("one.name")}>
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
          <Callout tone="info" title={t("one.elsewhere")}>
            <p>{t.rich("one.elsewhereText", OWN)}</p>
          </Callout>
        )}
      </div>
    </div>
  );
}

const OWN = {
  link: (words: ReactNode) => <TextLink href="/account/organizations">{words}</TextLink>,
};

function RenameForm({ organization: { id, name, slug, version } }: { organization: Organization }) {
  const t = useTranslations("admin-organizations");
  return (
    <VersionedForms>
      <ActionForm
        action={renameOrganizationAction}
        aria-label={t("one.nameOf", { name })}
        className="max-w-md"
      >
        <LostUpdate
          labels={{ name: t("fields.name"), slug: t("fields.slug") }}
          href={organizationPath(id)}
        />
        <input type="hidden" name="id" value={id} />
        <EditedVersion version={version} />
        <OrganizationFields name={name} slug={slug} />
        <div>
          <SubmitButton>{t("one.save")}</SubmitButton>
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
  const t = useTranslations("admin-organizations.delete");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("trigger")}
        </>
      }
      size="md"
      title={t("title", { name })}
      description={<p>{t("text", { count: memberCount })}</p>}
      confirmLabel={t("confirm")}
      action={deleteOrganizationAction}
      fields={{ id, version: String(version) }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}
