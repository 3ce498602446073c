import { answerDenials, requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
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

export const generateMetadata = titled("admin-roles.create");

export default async function NewRolePage() {
  const caller = await requirePermission(`${LIST_PATH}/new`, ROLE_PERMISSIONS.manage);
  const { groups, catalogue } = await answerDenials(() => matrixGroups(caller, null));
  const inheritable = await answerDenials(() => inheritChoices(caller, null));
  const t = await getTranslations("admin-roles");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("title"), href: LIST_PATH }, { label: t("create.title") }]}
          />
        }
        title={t("create.title")}
        description={t("create.description")}
      />
      <Card className="max-w-3xl p-5 sm:p-6">
        <ActionForm action={createRoleAction} aria-label={t("create.title")}>
          <RoleFields />
          <ClientWords areas={["admin-role-matrix", "conditions"]}>
            <PermissionMatrix groups={groups} catalogue={catalogue} />
            <section aria-labelledby="inherited">
              <h2 id="inherited" className="font-semibold text-ink text-sm">
                {t("role.inherited")}
              </h2>
              <p className="mb-2 text-ink-faint text-sm">{t("role.inheritedText")}</p>
              <InheritChoice roles={inheritable} />
            </section>
          </ClientWords>
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("create.submit")}</SubmitButton>
            <ButtonLink href={LIST_PATH} variant="ghost">
              {t("create.cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
