import { requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { createUserAction } from "@/app/admin/users/actions";
import { USERS_PATH } from "@/app/admin/users/address";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
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

export const generateMetadata = titled("admin-users.new");

export default async function NewUserPage() {
  const caller = await requirePermission(`${USERS_PATH}/new`, USER_PERMISSIONS.manage);
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles);
  const t = await getTranslations("admin-users");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("list.title"), href: USERS_PATH }, { label: t("new.title") }]}
          />
        }
        title={t("new.title")}
        description={t("new.description")}
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createUserAction} aria-label={t("new.title")}>
          <TextField
            name="email"
            label={t("table.email")}
            type="email"
            autoComplete="off"
            required
          />
          <TextField
            name="name"
            label={t("table.name")}
            autoComplete="off"
            maxLength={100}
            optional
          />
          <PasswordField
            name="password"
            label={t("new.password")}
            hint={t("new.passwordHint")}
            autoComplete="new-password"
          />
          {mayAssign ? <Roles caller={caller} /> : <DefaultRolesNote />}
          <PreviewAnswer />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("new.create")}</SubmitButton>
            <PreviewButton />
            <ButtonLink href={USERS_PATH} variant="ghost">
              {t("new.cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}

async function Roles({ caller }: { caller: Caller }) {
  const roles = await listAssignableRoles(caller);
  const t = await getTranslations("admin-users.table");
  return (
    <div className="space-y-3">
      <h2 className="font-medium text-ink text-sm">{t("roles")}</h2>
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

function DefaultRolesNote() {
  const t = useTranslations("admin-users.new");
  return <p className="text-ink-soft text-sm">{t("defaultRoles")}</p>;
}
