import { useTranslations } from "#translations";
import { giveRoleAction, takeRoleAction } from "@/app/admin/teams/actions";
import { teamPath } from "@/app/admin/teams/address";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { linkTo } from "@/components/ui/text-link";
import type { TeamDetail, TeamRole } from "@/lib/teams/list-teams";
import type { GrantableRole } from "@/lib/teams/measure-team";

/** What whoever is in the team may do by that: by its own roles, and by those of the teams above. */
export function RolesSection({
  team,
  roles,
  choices,
}: {
  team: TeamDetail;
  roles: TeamRole[];
  /** The roles to choose from, for who may change the team. */
  choices: GrantableRole[] | null;
}) {
  const teams = useTranslations("admin-teams");
  const t = useTranslations("admin-teams.roleList");
  return (
    <Section
      title={teams("roles")}
      description={t("description")}
      flush
      footer={choices !== null && <GiveForm team={team} roles={roles} choices={choices} />}
    >
      {roles.length === 0 ? (
        <EmptyState title={t("none")} description={t("noneText")} />
      ) : (
        <ItemList>
          {roles.map((role) => (
            <RoleItem
              key={`${role.teamId} ${role.roleId}`}
              role={role}
              team={team}
              editable={choices !== null}
            />
          ))}
        </ItemList>
      )}
    </Section>
  );
}

function RoleItem({
  role,
  team,
  editable,
}: {
  role: TeamRole;
  team: TeamDetail;
  editable: boolean;
}) {
  const t = useTranslations("admin-teams.roleList");
  const own = role.teamId === team.id;
  return (
    <Item
      title={role.roleName}
      aside={
        <>
          {!own && <Badge>{t("fromAbove")}</Badge>}
          {role.expired && <Badge tone="warning">{t("over")}</Badge>}
          {role.foreign && <Badge tone="warning">{t("foreign")}</Badge>}
        </>
      }
      actions={
        editable &&
        own && (
          <ConfirmDialog
            trigger={t("take")}
            triggerLabel={t("takeThis", { role: role.roleName })}
            variant="secondary"
            title={t("takeTitle", { role: role.roleName, team: team.name })}
            description={t("takeText")}
            confirmLabel={t("take")}
            action={takeRoleAction}
            fields={{ id: team.id, roleId: role.roleId }}
          >
            <PreviewAnswer />
            <ConfirmLoss />
            <div>
              <PreviewButton />
            </div>
          </ConfirmDialog>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">
        {role.gives.length === 0
          ? t("givesNothing")
          : t("gives", { permissions: role.gives.join(", ") })}
      </p>
      {!own && <p>{t.rich("by", { team: role.teamName, ...linkTo(teamPath(role.teamId)) })}</p>}
      {role.expiresAt !== null && (
        <p>{t.rich(role.expired ? "ranOut" : "until", timeAt(role.expiresAt))}</p>
      )}
    </Item>
  );
}

function GiveForm({
  team,
  roles,
  choices,
}: {
  team: TeamDetail;
  roles: TeamRole[];
  choices: GrantableRole[];
}) {
  const t = useTranslations("admin-teams.roleList");
  const held = new Set(roles.filter((role) => role.teamId === team.id).map((it) => it.roleId));
  const offered = choices.filter(({ missing }) => missing.length === 0);
  if (offered.length === 0) return t("noneToGive");
  return (
    <ActionForm
      action={giveRoleAction}
      aria-label={t("giveTo", { team: team.name })}
      className="w-full"
    >
      <input type="hidden" name="id" value={team.id} />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField name="roleId" label={t("role")} defaultValue="">
          <option value="">{t("choose")}</option>
          {offered.map(({ id, name }) => (
            <option key={id} value={id}>
              {held.has(id) ? t("held", { role: name }) : name}
            </option>
          ))}
        </SelectField>
        <TextField name="until" label={t("untilEnd")} type="date" optional hint={t("untilHint")} />
      </div>
      <PreviewAnswer />
      <div className="flex flex-wrap gap-2">
        <SubmitButton variant="secondary">{t("give")}</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}
