import { Plus, Upload } from "lucide-react";
import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getCountWords } from "@/app/_locale/count-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { SavedViews } from "@/app/admin/_views/saved-views";
import { USERS_PATH, userPath, usersHref } from "@/app/admin/users/address";
import { changeManyAction } from "@/app/admin/users/bulk/actions";
import { IMPORT_PATH } from "@/app/admin/users/import/address";
import { UserFlash } from "@/app/admin/users/user-flash";
import { BulkBar } from "@/components/admin/bulk-bar";

import { UsersTable } from "@/components/admin/users-table";
import { ActionForm } from "@/components/form/action-form";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { SelectOption } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import type { Caller } from "@/lib/shared/caller";
import { pictureHref } from "@/lib/shared/picture";
import { countUsers, listRoleFilters, listUsers } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { listPictureDigests } from "@/lib/users/picture";
import { USER_STATUSES, UserListing } from "@/lib/users/user.schema";

export const generateMetadata = titled("admin-users.list");

const PAGE_SIZE = 25;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function UsersPage({ searchParams }: Search) {
  const { listing, cursor } = parseListingAddress(UserListing, await searchParams);
  const caller = await requirePermission(usersHref(listing, cursor), USER_PERMISSIONS.view);
  const [result, roles, counts, mayCreate, changes] = await Promise.all([
    listUsers(caller, listing, { cursor, limit: PAGE_SIZE }),
    listRoleFilters(caller),
    countUsers(caller),
    can(caller, USER_PERMISSIONS.manage),
    changesOf(caller),
  ]);
  // An old cursor, or a page whose users are gone: the list begins elsewhere now.
  if (result.outcome === "rejected" || (result.users.length === 0 && cursor !== undefined)) {
    redirect(usersHref(listing));
  }
  const digests = await listPictureDigests(result.users.map(({ id }) => id));
  const pictureOf = (id: string) => {
    const digest = digests.get(id);
    return digest === undefined ? null : pictureHref(id, digest);
  };
  const t = await getTranslations("admin-users.list");
  const upTo = await getCountWords();
  const statuses = await getTranslations("admin-badges.userStatus");
  const filtered = Boolean(listing.q || listing.status || listing.role);
  const clearHref = usersHref({ sort: listing.sort });
  const turnTo = (to: string | null) => (to === null ? undefined : usersHref(listing, to));
  const list =
    result.users.length === 0 ? (
      <Card>
        <EmptyState
          title={t(filtered ? "noMatch" : "none")}
          description={t(filtered ? "noMatchText" : "noneText")}
          action={filtered && <ButtonLink href={clearHref}>{t("clear")}</ButtonLink>}
        />
      </Card>
    ) : (
      <UsersTable
        selectable={changes.length > 0}
        users={result.users.map(({ roles: held, ...user }) => ({
          ...user,
          href: userPath(user.id),
          picture: pictureOf(user.id),
          roles: held.map((role) => role.name),
        }))}
        sorting={{
          current: listing.sort,
          hrefOf: (sort) => usersHref({ ...listing, sort }),
        }}
      />
    );
  return (
    <>
      <UserFlash />
      <PageHeader
        title={t("title")}
        description={
          counts === null
            ? t("many", { count: upTo(COUNT_MAX + 1) })
            : t("counts", {
                active: String(counts.active),
                pending: String(counts.pending),
                disabled: String(counts.disabled),
              })
        }
        actions={
          mayCreate && (
            <div className="flex flex-wrap gap-2">
              <ButtonLink href={IMPORT_PATH}>
                <Upload aria-hidden="true" />
                {t("import")}
              </ButtonLink>
              <ButtonLink href={`${USERS_PATH}/new`} variant="primary">
                <Plus aria-hidden="true" />
                {t("new")}
              </ButtonLink>
            </div>
          )
        }
      />
      <FilterBar
        // The key empties the fields when the address they show has changed.
        key={usersHref(listing)}
        action={USERS_PATH}
        label={t("filter")}
        keep={{ sort: listing.sort === "newest" ? undefined : listing.sort }}
        clearHref={filtered ? clearHref : undefined}
      >
        <FilterSearch placeholder={t("placeholder")} value={listing.q} />
        <FilterSelect
          name="status"
          label={t("status")}
          value={listing.status}
          options={USER_STATUSES.map((status) => ({ value: status, label: statuses(status) }))}
        />
        <FilterSelect
          name="role"
          label={t("role")}
          value={listing.role}
          options={asOptions(roles)}
        />
      </FilterBar>
      <SavedViews caller={caller} list="users" href={usersHref(listing)} />
      {changes.length === 0 ? (
        list
      ) : (
        // Also around an empty list: what became of each is said here, of those too that it has no more.
        <ActionForm action={changeManyAction} id={BULK_FORM} aria-label={t("several")}>
          <ClientWords areas={["admin-users-bulk"]}>
            <BulkBar
              form={BULK_FORM}
              changes={changes}
              roles={changes.some(({ value }) => value === "add-role") ? asOptions(roles) : []}
            />
          </ClientWords>
          {list}
        </ActionForm>
      )}
      <Pagination
        label={t("pages")}
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}

const BULK_FORM = "several-users";

const asOptions = (roles: { id: string; name: string }[]): SelectOption[] =>
  roles.map(({ id, name }) => ({ value: id, label: name }));

/** What the caller may do to several users at once; whether to each of them is asked for each. */
async function changesOf(caller: Caller): Promise<SelectOption[]> {
  const [manages, endsSessions, assigns] = await Promise.all([
    can(caller, USER_PERMISSIONS.manage),
    can(caller, USER_PERMISSIONS.revokeSessions),
    can(caller, USER_PERMISSIONS.assignRoles),
  ]);
  const t = await getTranslations("admin-users.list.changes");
  const possible = [
    ...(endsSessions ? (["end-sessions"] as const) : []),
    ...(manages ? (["disable", "enable"] as const) : []),
    ...(assigns ? (["add-role", "remove-role"] as const) : []),
  ];
  return possible.map((change) => ({ value: change, label: t(change) }));
}
