import { addMemberAction, removeMemberAction } from "@/app/admin/teams/actions";
import { membersHref, teamPath } from "@/app/admin/teams/address";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { Pagination } from "@/components/ui/pagination";
import { TextLink } from "@/components/ui/text-link";
import type { TeamDetail } from "@/lib/teams/list-teams";
import type { TeamMember } from "@/lib/teams/team-members";

/** Who has what the team gives: who is in it, and who is in a team within it. */
export function MembersSection({
  team,
  members,
  nextCursor,
  first,
  within,
  editable,
}: {
  team: TeamDetail;
  members: TeamMember[];
  nextCursor: string | null;
  /** Whether this is where the list begins. */
  first: boolean;
  within: TeamMember[];
  editable: boolean;
}) {
  return (
    <>
      <Section
        title="Members"
        flush
        footer={editable && <AddForm team={team} />}
        description="By address. Each of them has every role above."
      >
        {members.length === 0 ? (
          <EmptyState
            title="Nobody is in this team"
            description={editable ? "Put somebody into it below." : "Nobody has anything by it."}
          />
        ) : (
          <ItemList>
            {members.map((member) => (
              <Item
                key={member.userId}
                title={member.name ?? member.email}
                actions={editable && <RemoveDialog team={team} member={member} />}
              >
                {member.name !== null && member.email}
              </Item>
            ))}
          </ItemList>
        )}
        <Pagination
          previousHref={first ? undefined : teamPath(team.id)}
          nextHref={nextCursor === null ? undefined : membersHref(team.id, nextCursor)}
        />
      </Section>
      {within.length > 0 && (
        <Section
          title="By teams within it"
          description="They are in a team within this one, and have its roles by that. The first hundred are shown."
          flush
        >
          <ItemList>
            {within.map((member) => (
              <Item
                key={`${member.teamId} ${member.userId}`}
                title={member.name ?? member.email}
                aside={<Badge>{member.teamName}</Badge>}
              >
                {member.name !== null && `${member.email} · `}
                By the team <TextLink href={teamPath(member.teamId)}>{member.teamName}</TextLink>
              </Item>
            ))}
          </ItemList>
        </Section>
      )}
    </>
  );
}

function RemoveDialog({ team, member }: { team: TeamDetail; member: TeamMember }) {
  return (
    <ConfirmDialog
      trigger="Remove"
      triggerLabel={`Remove ${member.email} from the team`}
      variant="secondary"
      title={`Remove ${member.email}?`}
      description="They lose at once what they have by this team alone. They stay in the organization."
      confirmLabel="Remove from team"
      action={removeMemberAction}
      fields={{ id: team.id, userId: member.userId }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}

function AddForm({ team }: { team: TeamDetail }) {
  return (
    <ActionForm
      action={addMemberAction}
      aria-label={`Put somebody into ${team.name}`}
      className="w-full"
    >
      <input type="hidden" name="id" value={team.id} />
      <TextField
        name="email"
        label="Email address"
        type="email"
        autoComplete="off"
        hint="Of somebody who belongs to the organization."
      />
      <PreviewAnswer />
      <div className="flex flex-wrap gap-2">
        <SubmitButton variant="secondary">Put into the team</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}
