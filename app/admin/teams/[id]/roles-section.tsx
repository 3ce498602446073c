import { giveRoleAction, takeRoleAction } from "@/app/admin/teams/actions";
import { teamPath } from "@/app/admin/teams/address";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { TextLink } from "@/components/ui/text-link";
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
  return (
    <Section
      title="Roles"
      description="Everybody in the team has these, in this organization, from their next request on."
      flush
      footer={choices !== null && <GiveForm team={team} roles={roles} choices={choices} />}
    >
      {roles.length === 0 ? (
        <EmptyState title="No roles" description="Being in this team gives nothing." />
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
  const own = role.teamId === team.id;
  return (
    <Item
      title={role.roleName}
      aside={
        <>
          {!own && <Badge>From above</Badge>}
          {role.expired && <Badge tone="warning">Over</Badge>}
          {role.foreign && <Badge tone="warning">Another organization’s</Badge>}
        </>
      }
      actions={
        editable &&
        own && (
          <ConfirmDialog
            trigger="Take away"
            triggerLabel={`Take away the role ${role.roleName}`}
            variant="secondary"
            title={`Take ${role.roleName} from ${team.name}?`}
            description="Whoever has it by this team alone loses it at once."
            confirmLabel="Take away"
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
        {role.gives.length === 0 ? "Gives nothing." : `Gives ${role.gives.join(", ")}.`}
      </p>
      {!own && (
        <p>
          By the team <TextLink href={teamPath(role.teamId)}>{role.teamName}</TextLink>, which this
          one is within.
        </p>
      )}
      {role.expiresAt !== null && (
        <p>
          {role.expired ? "Ran out on " : "Until "}
          <AbsoluteTime value={role.expiresAt} />
        </p>
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
  const held = new Set(roles.filter((role) => role.teamId === team.id).map((it) => it.roleId));
  const offered = choices.filter(({ missing }) => missing.length === 0);
  if (offered.length === 0) return "There is no role that you could give.";
  return (
    <ActionForm action={giveRoleAction} aria-label={`Give ${team.name} a role`} className="w-full">
      <input type="hidden" name="id" value={team.id} />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField name="roleId" label="Role" defaultValue="">
          <option value="">Choose a role</option>
          {offered.map(({ id, name }) => (
            <option key={id} value={id}>
              {held.has(id) ? `${name} (the team has it)` : name}
            </option>
          ))}
        </SelectField>
        <TextField
          name="until"
          label="Until the end of"
          type="date"
          optional
          hint="A day in UTC. Without one it has no end."
        />
      </div>
      <PreviewAnswer />
      <div className="flex flex-wrap gap-2">
        <SubmitButton variant="secondary">Give role</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}
