import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { assignServiceRolesAction } from "@/app/admin/clients/[id]/roles/actions";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { measureServiceRoles } from "@/lib/service-accounts/service-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const generateMetadata = titled("admin-clients.roles");

export default async function ServiceRolesPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(`${clientPath(id)}/roles`, ROLE_PERMISSIONS.view);
  const account = await answerDenials(() => measureServiceRoles(caller, id));
  if (account === null) notFound();
  const { name, roles, beyond } = account;
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles, { id });
  const t = await getTranslations("admin-clients");
  const locked = !mayAssign || beyond.length > 0;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: t("title"), href: LIST_PATH },
              { label: name, href: clientPath(id) },
              { label: t("roles.roles") },
            ]}
          />
        }
        title={name}
        description={t("roles.description")}
      />
      <div className="space-y-6">
        {mayAssign && beyond.length > 0 && (
          <Callout tone="info" title={t("roles.locked")}>
            <p className="[overflow-wrap:anywhere]">
              {t("roles.lockedText", { beyond: beyond.join(", ") })}
            </p>
          </Callout>
        )}
        <Section title={t("roles.roles")} description={t("roles.sectionText")}>
          {locked ? (
            <RoleChoice roles={roles} locked />
          ) : (
            <ActionForm action={assignServiceRolesAction} aria-label={t("roles.of", { name })}>
              <input type="hidden" name="id" value={id} />
              <RoleChoice roles={roles} />
              <PreviewAnswer />
              <div className="flex flex-wrap gap-2">
                <SubmitButton>{t("roles.save")}</SubmitButton>
                <PreviewButton />
              </div>
            </ActionForm>
          )}
        </Section>
      </div>
    </div>
  );
}
