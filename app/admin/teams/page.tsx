import { CornerDownRight, Plus } from "lucide-react";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
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
import type { Translator } from "@/lib/platform/locale/translator";
import { readTeamTree, type TreeTeam } from "@/lib/teams/list-teams";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";

export const generateMetadata = titled("admin-teams");

export default async function TeamsPage() {
  const caller = await requirePermission(LIST_PATH, TEAM_PERMISSIONS.view);
  const tree = await answerDenials(() => readTeamTree(caller));
  const t = await getTranslations("admin-teams");
  const newTeam = (await can(caller, TEAM_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={tree.length > 0 && newTeam}
      />
      {tree.length === 0 ? (
        <Card>
          <EmptyState title={t("none")} description={t("noneText")} action={newTeam} />
        </Card>
      ) : (
        <TeamTable tree={tree} />
      )}
    </>
  );
}

/** Deeper ones stand where these do: a narrow screen has no more room. */
const INDENTS = ["", "ps-4 sm:ps-6", "ps-8 sm:ps-12", "ps-10 sm:ps-18", "ps-12 sm:ps-24"] as const;

const within = (t: Translator<"admin-teams">, name: string | undefined): string =>
  name === undefined ? t("withinAnother") : t("within", { name });

function TeamTable({ tree }: { tree: TreeTeam[] }) {
  const t = useTranslations("admin-teams");
  const names = new Map(tree.map(({ id, name }) => [id, name]));
  return (
    <Table caption={t("table")}>
      <TableHead>
        <ColumnHeader>{t("name")}</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">{t("descriptionField")}</ColumnHeader>
        <ColumnHeader align="end">{t("members")}</ColumnHeader>
        <ColumnHeader align="end">{t("roles")}</ColumnHeader>
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
                    <span className="sr-only">{within(t, names.get(parentId))} </span>
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
