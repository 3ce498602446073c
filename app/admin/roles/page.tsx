import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answerDenials, requirePermission } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "Roles" };

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

  const newRole = (await can(caller, ROLE_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      New role
    </ButtonLink>
  );
  return (
    <>
      <RoleFlash />
      <PageHeader
        title="Roles"
        description="A role is a set of permissions. A user may do what their roles give together."
        actions={roles.length > 0 && newRole}
      />
      {roles.length === 0 ? (
        <Card>
          <EmptyState
            title="No roles yet"
            description="Without roles nobody may do anything here."
            action={newRole}
          />
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
          title="What these roles give"
          description="By themselves and by what they inherit. The page of a role says by which way."
          actions={
            <ButtonLink href={`${LIST_PATH}/graph`} variant="secondary" size="sm">
              How roles inherit
            </ButtonLink>
          }
        >
          <RoleMatrix
            roles={roles.map(({ id, name }) => ({ id, name, href: rolePath(id) }))}
            permissions={permissions.map(({ key, description }) => ({ key, description }))}
            marks={Object.fromEntries(roles.map((role) => [role.id, marksOf(role)]))}
          />
        </Section>
      )}
    </>
  );
}

function RoleTable({ roles }: { roles: Role[] }) {
  return (
    <Table caption="Roles">
      <TableHead>
        <ColumnHeader>Name</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">Description</ColumnHeader>
        <ColumnHeader align="end">Permissions</ColumnHeader>
        <ColumnHeader align="end">Users</ColumnHeader>
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
                {isDefault && <Badge>On sign-up</Badge>}
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
              {userCount}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
