import { Trash2 } from "lucide-react";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { MembersSection } from "@/app/admin/teams/[id]/members-section";
import { RolesSection } from "@/app/admin/teams/[id]/roles-section";
import { deleteTeamAction, describeTeamAction, moveTeamAction } from "@/app/admin/teams/actions";
import { LIST_PATH, teamPath } from "@/app/admin/teams/address";
import { ParentField } from "@/app/admin/teams/parent-field";
import { TeamFields } from "@/app/admin/teams/team-fields";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { EditedVersion, VersionedForms } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import {
  findTeam,
  listMembersWithin,
  listTeamMembers,
  listTeamRoles,
  readTeamTree,
  type TeamDetail,
  type TreeTeam,
} from "@/lib/teams/list-teams";
import { measureTeam } from "@/lib/teams/measure-team";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";

export const generateMetadata = titled("admin-teams.one");

const PAGE_SIZE = 25;
const Cursor = z.string().optional().catch(undefined);

interface Address {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TeamPage({ params, searchParams }: Address) {
  const { id } = await params;
  const cursor = Cursor.parse((await searchParams)["cursor"]);
  const caller = await requirePermission(teamPath(id), TEAM_PERMISSIONS.view);
  const team = await answerDenials(() => findTeam(caller, id));
  if (team === null) notFound();
  const [roles, members, within, tree, mayManage] = await Promise.all([
    listTeamRoles(caller, id),
    listTeamMembers(caller, id, { cursor, limit: PAGE_SIZE }),
    listMembersWithin(caller, id),
    readTeamTree(caller),
    can(caller, TEAM_PERMISSIONS.manage),
  ]);
  if (members.outcome === "not-found" || roles === null) notFound();
  // An old cursor, or a page whose members are gone: the list begins elsewhere now.
  if (members.outcome === "rejected" || (members.members.length === 0 && cursor !== undefined)) {
    redirect(teamPath(id));
  }
  const measured = mayManage ? await measureTeam(caller, team) : null;
  const teams = await getTranslations("admin-teams");
  const t = await getTranslations("admin-teams.one");
  const mayChange = measured !== null && measured.beyond.length === 0;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: teams("title"), href: LIST_PATH },
              ...team.lineage.map((outer) => ({ label: outer.name, href: teamPath(outer.id) })),
              { label: team.name },
            ]}
          />
        }
        title={team.name}
        description={team.description}
        actions={mayChange && <DeleteDialog team={team} />}
      />
      <div className="space-y-6">
        {measured !== null && !mayChange && (
          <Callout tone="info" title={t("beyond")}>
            <p className="[overflow-wrap:anywhere]">
              {t("beyondText", { permissions: measured.beyond.join(", ") })}
            </p>
          </Callout>
        )}
        <RolesSection team={team} roles={roles} choices={mayChange ? measured.roles : null} />
        <MembersSection
          team={team}
          members={members.members}
          nextCursor={members.nextCursor}
          previousCursor={members.previousCursor}
          within={within}
          editable={mayChange}
        />
        {mayChange && (
          <VersionedForms>
            <DescribeSection team={team} />
            <MoveSection team={team} tree={tree} />
          </VersionedForms>
        )}
      </div>
    </div>
  );
}

function DescribeSection({ team }: { team: TeamDetail }) {
  const t = useTranslations("admin-teams.one");
  return (
    <Section title={t("name")}>
      <ActionForm action={describeTeamAction} aria-label={t("nameOf", { team: team.name })}>
        <input type="hidden" name="id" value={team.id} />
        <EditedVersion version={team.version} />
        <TeamFields name={team.name} description={team.description} />
        <div>
          <SubmitButton>{t("save")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

function MoveSection({ team, tree }: { team: TeamDetail; tree: TreeTeam[] }) {
  const t = useTranslations("admin-teams.one");
  return (
    <Section title={t("place")} description={t("placeText")}>
      <ActionForm action={moveTeamAction} aria-label={t("placeOf", { team: team.name })}>
        <input type="hidden" name="id" value={team.id} />
        <EditedVersion version={team.version} />
        <ParentField tree={tree} except={team.id} parentId={team.parentId} />
        <PreviewAnswer />
        <ConfirmLoss />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>{t("move")}</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </Section>
  );
}

function DeleteDialog({ team }: { team: TeamDetail }) {
  const t = useTranslations("admin-teams.one");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("delete")}
        </>
      }
      size="md"
      title={t("deleteTitle", { team: team.name })}
      description={t(team.memberCount === 0 ? "deleteEmpty" : "deleteText")}
      confirmLabel={t("deleteTeam")}
      action={deleteTeamAction}
      fields={{ id: team.id, version: String(team.version) }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}
