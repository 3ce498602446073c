import { requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { createOrganizationAction } from "@/app/admin/organizations/actions";
import { ORGANIZATIONS_PATH } from "@/app/admin/organizations/address";
import { OrganizationFields } from "@/components/admin/organization-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";

export const generateMetadata = titled("admin-organizations.new");

export default async function NewOrganizationPage() {
  const { manage } = ORGANIZATION_PERMISSIONS;
  await requirePermission(`${ORGANIZATIONS_PATH}/new`, manage);
  const t = await getTranslations("admin-organizations");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("title"), href: ORGANIZATIONS_PATH }, { label: t("new.title") }]}
          />
        }
        title={t("new.title")}
        description={t("new.description")}
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createOrganizationAction} aria-label={t("new.title")}>
          <OrganizationFields />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("new.submit")}</SubmitButton>
            <ButtonLink href={ORGANIZATIONS_PATH} variant="ghost">
              {t("new.cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
