import { Trash2 } from "lucide-react";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { upTo } from "@/app/_locale/count-words";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
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
import type { Translator } from "@/lib/platform/locale/translator";

export const generateMetadata = titled("admin-roles.role");

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
  const t = await getTranslations("admin-roles.role");
  const list = await getTranslations("admin-roles");
  const counts = await getTranslations("admin-counts");
  const wordsOf = await getPermissionWords();
  const given = effective.map((grant) => ({
    ...grant,
    description: wordsOf({ key: grant.permissionKey, description: grant.description }),
  }));
  return (
    <div className="max-w-3xl">
      <RoleFlash />
      <PageHeader
        above={
          <Breadcrumb items={[{ label: list("title"), href: LIST_PATH }, { label: role.name }]} />
        }
        title={role.name}
        aside={
          <>
            {role.isDefault && <Badge>{list("onSignUp")}</Badge>}
            {role.emergency && <Badge tone="warning">{t("emergency")}</Badge>}
          </>
        }
        description={[role.description, t("holders", countedIn(role, counts))]
          .filter(Boolean)
          .join(" ")}
        actions={mayChange && <DeleteDialog role={role} />}
      />
      <div className="space-y-6">
        {mayManage && !mayChange && (
          <Callout tone="info" title={t("fixed")}>
            <p className="[overflow-wrap:anywhere]">
              {t("fixedText", { beyond: beyondOwn.join(", ") })}
            </p>
          </Callout>
        )}
        <ClientWords areas={["admin-role-matrix", "conditions"]}>
          {mayChange ? (
            <VersionedForms>
              <Section title={t("rules")}>
                <DescribeForm role={role} />
              </Section>
              <Section title={list("permissions")} description={t("permissionsText")}>
                <PermissionsForm role={role} groups={groups} catalogue={catalogue} />
              </Section>
              <Section title={t("inherited")} description={t("inheritedText")}>
                <InheritanceForm role={role} roles={await inheritChoices(caller, role)} />
              </Section>
            </VersionedForms>
          ) : (
            <Section title={list("permissions")}>
              <PermissionMatrix groups={groups} catalogue={catalogue} locked />
            </Section>
          )}
        </ClientWords>
        <Section title={t("effective")} description={t("effectiveText")}>
          <EffectiveGrants grants={given} names={names} />
        </Section>
      </div>
    </div>
  );
}

/** How many have the role, for a sentence about it: nobody is counted beyond a bound. */
const countedIn = ({ userCount }: Role, t: Translator<"admin-counts">) => ({
  count: userCount,
  people: upTo(t, userCount),
});

function DescribeForm({ role }: { role: Role }) {
  const t = useTranslations("admin-roles.role");
  const list = useTranslations("admin-roles");
  return (
    <ActionForm action={describeRoleAction} aria-label={t("describe", { name: role.name })}>
      <LostUpdate
        labels={{ name: list("name"), description: list("about") }}
        href={rolePath(role.id)}
      />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <RoleFields name={role.name} description={role.description} />
      <CheckboxField
        name="mfaRequired"
        label={t("mfa")}
        hint={t("mfaHint")}
        defaultChecked={role.mfaRequired}
      />
      <CheckboxField
        name="emergency"
        label={t("emergency")}
        hint={t("emergencyHint")}
        defaultChecked={role.emergency}
      />
      <PreviewAnswer />
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t("save")}</SubmitButton>
        <PreviewButton />
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
  const t = useTranslations("admin-roles.role");
  return (
    <ActionForm
      action={setRolePermissionsAction}
      aria-label={t("permissionsOf", { name: role.name })}
    >
      <MatrixConflict href={rolePath(role.id)} />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <PermissionMatrix groups={groups} catalogue={catalogue} />
      <PreviewAnswer />
      <ConfirmLoss />
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t("savePermissions")}</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}

function InheritanceForm({ role, roles }: { role: Role; roles: ChoosableInheritance[] }) {
  const t = useTranslations("admin-roles.role");
  return (
    <ActionForm action={setRoleInheritanceAction} aria-label={t("inheritsOf", { name: role.name })}>
      <MatrixConflict href={rolePath(role.id)} />
      <input type="hidden" name="id" value={role.id} />
      <EditedVersion version={role.version} />
      <InheritChoice roles={roles} />
      <PreviewAnswer />
      <ConfirmLoss />
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t("saveInherited")}</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}

function DeleteDialog({ role }: { role: Role }) {
  const t = useTranslations("admin-roles.role");
  const counts = useTranslations("admin-counts");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("delete")}
        </>
      }
      size="md"
      title={t("deleteTitle", { name: role.name })}
      description={
        <>
          <p>{t("deleteText", countedIn(role, counts))}</p>
          {role.isDefault && <p className="mt-2">{t("deleteDefault")}</p>}
        </>
      }
      confirmLabel={t("deleteConfirm")}
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
