import { redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { removeMemberAction } from "@/app/admin/organizations/actions";
import { organizationPath, searchHref } from "@/app/admin/organizations/address";
import { userPath } from "@/app/admin/users/address";
import { UserStatusBadge } from "@/components/admin/user-status";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { FilterBar, FilterSearch } from "@/components/form/filter-bar";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
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
import { listMembers, type Member } from "@/lib/memberships/list-members";
import type { Search } from "@/lib/organizations/organization.schema";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const PAGE_SIZE = 25;

/** Who belongs to the organization, with the roles that count in it. */
export async function MembersSection({
  caller,
  organizationId,
  listing,
  cursor,
  mayManage,
}: {
  caller: Caller;
  organizationId: string;
  listing: Search;
  cursor: string | undefined;
  mayManage: boolean;
}) {
  const path = organizationPath(organizationId);
  const page = { cursor, limit: PAGE_SIZE };
  const result = await answerDenials(() => listMembers(caller, organizationId, listing, page));
  // An old cursor, or a page whose members are gone: the list begins elsewhere now.
  if (result.outcome !== "listed" || (result.members.length === 0 && cursor !== undefined)) {
    redirect(searchHref(path, listing));
  }
  const { members, nextCursor, previousCursor } = result;
  const t = await getTranslations("admin-organizations.members");
  const seesUsers = await can(caller, USER_PERMISSIONS.view);
  const turnTo = (to: string | null) => (to === null ? undefined : searchHref(path, listing, to));
  return (
    <div className="space-y-4">
      <FilterBar
        key={searchHref(path, listing)}
        action={path}
        label={t("search")}
        {...(listing.q && { clearHref: path })}
      >
        <FilterSearch label={t("search")} placeholder={t("placeholder")} value={listing.q} />
      </FilterBar>
      <Section title={t("title")} flush>
        {members.length === 0 ? (
          <EmptyState title={t("none")} description={t("noneText")} />
        ) : (
          <Table caption={t("title")} framed={false}>
            <TableHead>
              <ColumnHeader>{t("name")}</ColumnHeader>
              <ColumnHeader>{t("email")}</ColumnHeader>
              <ColumnHeader>{t("roles")}</ColumnHeader>
              <ColumnHeader narrow>{t("status")}</ColumnHeader>
              <ColumnHeader narrow>{t("joined")}</ColumnHeader>
              {mayManage && (
                <ColumnHeader narrow>
                  <span className="sr-only">{t("actions")}</span>
                </ColumnHeader>
              )}
            </TableHead>
            <TableBody>
              {members.map((member) => (
                <MemberRow
                  key={member.userId}
                  member={member}
                  organizationId={organizationId}
                  href={seesUsers ? userPath(member.userId) : null}
                  removable={mayManage ? member.userId !== caller.principal.userId : null}
                />
              ))}
            </TableBody>
          </Table>
        )}
      </Section>
      <Pagination
        label={t("pages")}
        previousHref={turnTo(previousCursor)}
        nextHref={turnTo(nextCursor)}
      />
    </div>
  );
}

function MemberRow({
  member: { userId, email, name, status, roles, joinedAt },
  organizationId,
  href,
  removable,
}: {
  member: Member;
  organizationId: string;
  href: string | null;
  /** Null where nobody is taken out of this list at all. */
  removable: boolean | null;
}) {
  const t = useTranslations("admin-organizations.members");
  const shown = name ?? email;
  return (
    <TableRow>
      <RowHeader className="max-w-56">
        {href === null ? (
          <span className="block truncate">{shown}</span>
        ) : (
          <Link href={href} className="block truncate rounded-sm hover:underline">
            {shown}
          </Link>
        )}
      </RowHeader>
      <Cell className="max-w-64 truncate text-ink-soft" title={email}>
        {email}
      </Cell>
      <Cell className="max-w-56 truncate text-ink-soft">
        {roles.length === 0 ? t("noRoles") : roles.map((role) => role.name).join(", ")}
      </Cell>
      <Cell narrow>
        <UserStatusBadge status={status} />
      </Cell>
      <Cell narrow className="text-ink-soft">
        <RelativeTime value={joinedAt} />
      </Cell>
      {removable !== null && (
        <Cell narrow>
          {removable && (
            <ConfirmDialog
              trigger={t("remove")}
              triggerLabel={t("removeThis", { email })}
              title={t("removeTitle", { email })}
              description={<p>{t("removeText")}</p>}
              confirmLabel={t("removeConfirm")}
              action={removeMemberAction}
              fields={{ id: organizationId, userId }}
            >
              <PreviewAnswer />
              <div>
                <PreviewButton />
              </div>
            </ConfirmDialog>
          )}
        </Cell>
      )}
    </TableRow>
  );
}
