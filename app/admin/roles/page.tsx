import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { upTo } from "@/app/_locale/count-words";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { LIST_PATH, listHref, rolePath } from "@/app/admin/roles/address";
import { RoleFlash } from "@/app/admin/roles/role-flash";
import { marksOf } from "@/app/admin/roles/role-marks";
import { RoleMatrix } from "@/components/admin/role-matrix";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
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
import { listPermissions, listRoles, type Role } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";

export const generateMetadata = titled("admin-roles");

const PAGE_SIZE = 25;
const Cursor = z.string().optional().catch(undefined);

export default async function RolesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const cursor = Cursor.parse((await searchParams).cursor);
  const caller = await requirePermission(LIST_PATH, ROLE_PERMISSIONS.view);
  const listing = await answerDenials(() => listRoles(caller, { cursor, limit: PAGE_SIZE }));
  // An old cursor, or a page whose roles are gone: the list begins elsewhere now.
  if (listing.outcome === "rejected") redirect(LIST_PATH);
  const { roles, nextCursor, previousCursor } = listing;
  const permissions = await answerDenials(() => listPermissions(caller));
  if (roles.length === 0 && cursor !== undefined) redirect(LIST_PATH);

  const t = await getTranslations("admin-roles");
  const wordsOf = await getPermissionWords();
  const newRole = (await can(caller, ROLE_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <RoleFlash />
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={roles.length > 0 && newRole}
      />
      {roles.length === 0 ? (
        <Card>
          <EmptyState title={t("none")} description={t("noneText")} action={newRole} />
        </Card>
      ) : (
        <RoleTable roles={roles} />
      )}
      <Pagination
        previousHref={previousCursor === null ? undefined : listHref(previousCursor)}
        nextHref={nextCursor === null ? undefined : listHref(nextCursor)}
      />
      {roles.length > 0 && (
        <Section
          className="mt-6"
          title={t("give")}
          description={t("giveText")}
          actions={
            <ButtonLink href={`${LIST_PATH}/graph`} variant="secondary" size="sm">
              {t("inherit")}
            </ButtonLink>
          }
        >
          <RoleMatrix
            roles={roles.map(({ id, name }) => ({ id, name, href: rolePath(id) }))}
            permissions={permissions.map((one) => ({ key: one.key, description: wordsOf(one) }))}
            marks={Object.fromEntries(roles.map((role) => [role.id, marksOf(role)]))}
          />
        </Section>
      )}
    </>
  );
}

function RoleTable({ roles }: { roles: Role[] }) {
  const t = useTranslations("admin-roles");
  const counts = useTranslations("admin-counts");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("name")}</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">{t("about")}</ColumnHeader>
        <ColumnHeader align="end">{t("permissions")}</ColumnHeader>
        <ColumnHeader align="end">{t("users")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {roles.map(({ id, name, description, isDefault, grants, userCount }) => (
          <TableRow key={id}>
            <RowHeader className="max-w-60">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  href={rolePath(id)}
                  className="rounded-sm [overflow-wrap:anywhere] hover:underline"
                >
                  {name}
                </Link>
                {isDefault && <Badge>{t("onSignUp")}</Badge>}
              </span>
              <span className="block truncate font-normal text-ink-soft text-xs sm:hidden">
                {description}
              </span>
            </RowHeader>
            <Cell className="max-w-96 truncate text-ink-soft max-sm:hidden" title={description}>
              {description}
            </Cell>
            <Cell align="end" narrow>
              {Object.keys(grants).length}
            </Cell>
            <Cell align="end" narrow>
              {upTo(counts, userCount)}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
