import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { USERS_PATH, userPath, usersHref } from "@/app/admin/users/address";
import { UserFlash } from "@/app/admin/users/user-flash";
import { STATUS_OPTIONS } from "@/components/admin/user-status";
import { UsersTable } from "@/components/admin/users-table";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { countUsers, listRoleFilters, listUsers, USER_COUNT_MAX } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { UserListing } from "@/lib/users/user.schema";

export const metadata: Metadata = { title: "Users" };

const PAGE_SIZE = 25;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function UsersPage({ searchParams }: Search) {
  const { listing, cursor } = parseListingAddress(UserListing, await searchParams);
  const caller = await requirePermission(usersHref(listing, cursor), USER_PERMISSIONS.view);
  const [result, roles, counts, mayCreate] = await Promise.all([
    listUsers(caller, listing, { cursor, limit: PAGE_SIZE }),
    listRoleFilters(caller),
    countUsers(caller),
    can(caller, USER_PERMISSIONS.manage),
  ]);
  // An old cursor, or a page whose users are gone: the list begins elsewhere now.
  if (result.outcome === "rejected" || (result.users.length === 0 && cursor !== undefined)) {
    redirect(usersHref(listing));
  }
  const filtered = Boolean(listing.q || listing.status || listing.role);
  const clearHref = usersHref({ sort: listing.sort });
  const turnTo = (to: string | null) => (to === null ? undefined : usersHref(listing, to));
  return (
    <>
      <UserFlash />
      <PageHeader
        title="Users"
        description={`${upTo(counts.active)} active, ${upTo(counts.pending)} invited, ${upTo(counts.disabled)} disabled.`}
        actions={
          mayCreate && (
            <ButtonLink href={`${USERS_PATH}/new`} variant="primary">
              <Plus aria-hidden="true" />
              New user
            </ButtonLink>
          )
        }
      />
      <FilterBar
        // The key empties the fields when the address they show has changed.
        key={usersHref(listing)}
        action={USERS_PATH}
        label="Filter users"
        keep={{ sort: listing.sort === "newest" ? undefined : listing.sort }}
        clearHref={filtered ? clearHref : undefined}
      >
        <FilterSearch placeholder="Name or email" value={listing.q} />
        <FilterSelect
          name="status"
          label="Status"
          value={listing.status}
          options={STATUS_OPTIONS}
        />
        <FilterSelect
          name="role"
          label="Role"
          value={listing.role}
          options={roles.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </FilterBar>
      {result.users.length === 0 ? (
        <Card>
          <EmptyState
            title={filtered ? "No users match" : "No users to see"}
            description={
              filtered
                ? "Try fewer letters, or another status or role."
                : "Users appear here as soon as there are some that you may see."
            }
            action={filtered && <ButtonLink href={clearHref}>Clear filters</ButtonLink>}
          />
        </Card>
      ) : (
        <UsersTable
          users={result.users.map(({ roles: held, ...user }) => ({
            ...user,
            href: userPath(user.id),
            roles: held.map((role) => role.name),
          }))}
          sorting={{
            current: listing.sort,
            hrefOf: (sort) => usersHref({ ...listing, sort }),
          }}
        />
      )}
      <Pagination
        label="Pages of users"
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}

const upTo = (count: number): string =>
  count > USER_COUNT_MAX ? `More than ${USER_COUNT_MAX.toLocaleString("en")}` : String(count);
