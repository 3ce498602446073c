import { useTranslations } from "#translations";
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
import { linkTo } from "@/components/ui/text-link";
import type { TeamDetail } from "@/lib/teams/list-teams";
import type { TeamMember } from "@/lib/teams/team-members";

/** Who has what the team gives: who is in it, and who is in a team within it. */
export function MembersSection({
  team,
  members,
  nextCursor,
  previousCursor,
  within,
  editable,
}: {
  team: TeamDetail;
  members: TeamMember[];
  nextCursor: string | null;
  previousCursor: string | null;
  within: TeamMember[];
  editable: boolean;
}) {
  const teams = useTranslations("admin-teams");
  const t = useTranslations("admin-teams.memberList");
  return (
    <>
      <Section
        title={teams("members")}
        flush
        footer={editable && <AddForm team={team} />}
        description={t("description")}
      >
        {members.length === 0 ? (
          <EmptyState title={t("none")} description={t(editable ? "addBelow" : "nothingByIt")} />
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
          previousHref={previousCursor === null ? undefined : membersHref(team.id, previousCursor)}
          nextHref={nextCursor === null ? undefined : membersHref(team.id, nextCursor)}
        />
      </Section>
      {within.length > 0 && (
        <Section title={t("within")} description={t("withinText")} flush>
          <ItemList>
            {within.map((member) => (
              <Item
                key={`${member.teamId} ${member.userId}`}
                title={member.name ?? member.email}
                aside={<Badge>{member.teamName}</Badge>}
              >
                {member.name !== null && `${member.email} · `}
                {t.rich("by", { team: member.teamName, ...linkTo(teamPath(member.teamId)) })}
              </Item>
            ))}
          </ItemList>
        </Section>
      )}
    </>
  );
}

function RemoveDialog({ team, member }: { team: TeamDetail; member: TeamMember }) {
  const t = useTranslations("admin-teams.memberList");
  const { email } = member;
  return (
    <ConfirmDialog
      trigger={t("remove")}
      triggerLabel={t("removeThis", { email })}
      variant="secondary"
      title={t("removeTitle", { email })}
      description={t("removeText")}
      confirmLabel={t("removeFromTeam")}
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
  const t = useTranslations("admin-teams.memberList");
  return (
    <ActionForm
      action={addMemberAction}
      aria-label={t("addTo", { team: team.name })}
      className="w-full"
    >
      <input type="hidden" name="id" value={team.id} />
      <TextField
        name="email"
        label={t("email")}
        type="email"
        autoComplete="off"
        hint={t("emailHint")}
      />
      <PreviewAnswer />
      <div className="flex flex-wrap gap-2">
        <SubmitButton variant="secondary">{t("add")}</SubmitButton>
        <PreviewButton />
      </div>
    </ActionForm>
  );
}
