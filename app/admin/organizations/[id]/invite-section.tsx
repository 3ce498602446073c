import { getTranslations } from "@/app/_locale/translations";
import { inviteMemberAction } from "@/app/admin/organizations/actions";
import { RoleChoice } from "@/components/admin/role-choice";
import { ActionForm } from "@/components/form/action-form";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import { can } from "@/lib/authz/decide";
import { INVITATION_LIFETIME_DAYS } from "@/lib/invitations/manage-invitations";
import type { Caller } from "@/lib/shared/caller";
import { listAssignableRoles } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** Asks somebody in, with roles that hold in this organization and nowhere else (F82). */
export async function InviteSection({
  caller,
  organizationId,
}: {
  caller: Caller;
  organizationId: string;
}) {
  const mayAssign = await can(caller, USER_PERMISSIONS.assignRoles);
  const roles = mayAssign ? await listAssignableRoles(caller) : [];
  const t = await getTranslations("admin-organizations.invite");
  return (
    <Section title={t("title")} description={t("description", { count: INVITATION_LIFETIME_DAYS })}>
      <ActionForm action={inviteMemberAction} aria-label={t("title")} className="max-w-xl">
        <input type="hidden" name="id" value={organizationId} />
        <TextField
          name="email"
          label={t("email")}
          type="email"
          inputMode="email"
          autoComplete="off"
          required
        />
        {mayAssign ? (
          <div className="space-y-3">
            <h3 className="font-medium text-ink text-sm">{t("roles")}</h3>
            <RoleChoice
              roles={roles.map(({ isDefault: _, ...role }) => ({ ...role, chosen: false }))}
            />
          </div>
        ) : (
          <p className="text-ink-soft text-sm">{t("noRoles")}</p>
        )}
        <PreviewAnswer />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>{t("submit")}</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </Section>
  );
}
