import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { answerDenials, requirePermission } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "Team" };

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
  // An old cursor: the list begins elsewhere now.
  if (members.outcome === "rejected") redirect(teamPath(id));
  if (members.outcome === "not-found" || roles === null) notFound();
  const measured = mayManage ? await measureTeam(caller, team) : null;
  const mayChange = measured !== null && measured.beyond.length === 0;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: "Teams", href: LIST_PATH },
              ...team.lineage.map((above) => ({ label: above.name, href: teamPath(above.id) })),
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
          <Callout tone="info" title="You cannot change this team">
            <p className="[overflow-wrap:anywhere]">
              Whoever is in it has more than you hold yourself: {measured.beyond.join(", ")}.
              Somebody who holds all of that can change it.
            </p>
          </Callout>
        )}
        <RolesSection team={team} roles={roles} choices={mayChange ? measured.roles : null} />
        <MembersSection
          team={team}
          members={members.members}
          nextCursor={members.nextCursor}
          first={cursor === undefined}
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
  return (
    <Section title="Name">
      <ActionForm action={describeTeamAction} aria-label={`Name of ${team.name}`}>
        <input type="hidden" name="id" value={team.id} />
        <EditedVersion version={team.version} />
        <TeamFields name={team.name} description={team.description} />
        <div>
          <SubmitButton>Save</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

function MoveSection({ team, tree }: { team: TeamDetail; tree: TreeTeam[] }) {
  return (
    <Section
      title="Place"
      description="Everything within it moves along. Its people lose what the teams above gave, and get what the new ones give."
    >
      <ActionForm action={moveTeamAction} aria-label={`Place of ${team.name}`}>
        <input type="hidden" name="id" value={team.id} />
        <EditedVersion version={team.version} />
        <ParentField tree={tree} except={team.id} parentId={team.parentId} />
        <PreviewAnswer />
        <ConfirmLoss />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Move team</SubmitButton>
          <PreviewButton />
        </div>
      </ActionForm>
    </Section>
  );
}

function DeleteDialog({ team }: { team: TeamDetail }) {
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          Delete
        </>
      }
      size="md"
      title={`Delete the team ${team.name}?`}
      description={
        team.memberCount === 0
          ? "Nobody is in it. This cannot be undone."
          : "Whoever is in it loses at once what they have by it. This cannot be undone."
      }
      confirmLabel="Delete team"
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
