import "server-only";
import { z } from "zod";
import { UserListing } from "@/lib/users/user.schema";

export const USERS_PATH = "/admin/users";

export const userPath = (id: string): string => `${USERS_PATH}/${encodeURIComponent(id)}`;

const FILTERS = ["q", "status", "role", "sort"] as const;

export interface UsersAddress {
  listing: UserListing;
  cursor: string | undefined;
}

/** Reads what can be used of an address; a filter that does not fit is left out, and its control shows that. */
export function parseUsersAddress(
  search: Record<string, string | string[] | undefined>,
): UsersAddress {
  const given: Record<string, unknown> = {};
  for (const name of FILTERS) {
    const value = search[name];
    if (value === undefined || value === "") continue;
    if (UserListing.safeParse({ [name]: value }).success) given[name] = value;
  }
  const cursor = z.string().safeParse(search["cursor"]);
  return { listing: UserListing.parse(given), cursor: cursor.success ? cursor.data : undefined };
}

/** The address of the list as it is narrowed and ordered, at a cursor or at its start. */
export function usersHref(
  { sort, ...filters }: Partial<UserListing>,
  cursor?: string | null,
): string {
  const entries = Object.entries({
    ...filters,
    sort: sort === "newest" ? undefined : sort,
    cursor: cursor ?? undefined,
  });
  const query = new URLSearchParams(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  ).toString();
  return query === "" ? USERS_PATH : `${USERS_PATH}?${query}`;
}
