import { CornerDownRight, Plus } from "lucide-react";
import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { LIST_PATH, teamPath } from "@/app/admin/teams/address";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { can } from "@/lib/authz/decide";
import { readTeamTree, type TreeTeam } from "@/lib/teams/list-teams";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";

export const metadata: Metadata = { title: "Teams" };

export default async function TeamsPage() {
  const caller = await requirePermission(LIST_PATH, TEAM_PERMISSIONS.view);
  const tree = await answerDenials(() => readTeamTree(caller));
  const newTeam = (await can(caller, TEAM_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      New team
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Teams"
        description="People who have roles together. A team within another one has the roles of that, too."
        actions={tree.length > 0 && newTeam}
      />
      {tree.length === 0 ? (
        <Card>
          <EmptyState
            title="No teams yet"
            description="Give a role to a team once, instead of to each of its people."
            action={newTeam}
          />
        </Card>
      ) : (
        <TeamTable tree={tree} />
      )}
    </>
  );
}

/** Deeper ones stand where these do: a narrow screen has no more room. */
const INDENTS = ["", "pl-4 sm:pl-6", "pl-8 sm:pl-12", "pl-10 sm:pl-18", "pl-12 sm:pl-24"] as const;

function TeamTable({ tree }: { tree: TreeTeam[] }) {
  const names = new Map(tree.map(({ id, name }) => [id, name]));
  return (
    <Table caption="Teams, each followed by the teams within it">
      <TableHead>
        <ColumnHeader>Name</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">Description</ColumnHeader>
        <ColumnHeader align="end">Members</ColumnHeader>
        <ColumnHeader align="end">Roles</ColumnHeader>
      </TableHead>
      <TableBody>
        {tree.map(({ id, name, parentId, description, depth, memberCount, roleCount }) => (
          <TableRow key={id}>
            <RowHeader className="max-w-72">
              <span
                className={cn(
                  "flex items-center gap-2",
                  INDENTS[Math.min(depth, INDENTS.length - 1)],
                )}
              >
                {parentId !== null && (
                  <>
                    <CornerDownRight
                      aria-hidden="true"
                      className="size-4 shrink-0 self-start text-ink-faint"
                    />
                    <span className="sr-only">{`Within ${names.get(parentId) ?? "another team"}: `}</span>
                  </>
                )}
                <Link
                  href={teamPath(id)}
                  className="rounded-sm [overflow-wrap:anywhere] hover:underline"
                >
                  {name}
                </Link>
              </span>
            </RowHeader>
            <Cell className="max-w-96 truncate text-ink-soft max-sm:hidden" title={description}>
              {description}
            </Cell>
            <Cell align="end" narrow>
              {memberCount}
            </Cell>
            <Cell align="end" narrow>
              {roleCount}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
