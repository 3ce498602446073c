import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { UserListing } from "@/lib/users/user.schema";

export const USERS_PATH = "/admin/users";

export const userPath = (id: string): string => `${USERS_PATH}/${encodeURIComponent(id)}`;

/** The address of the list as it is narrowed and ordered, at a cursor or at its start. */
export const usersHref = ({ sort, ...filters }: Partial<UserListing>, cursor?: string): string =>
  listingHref(USERS_PATH, { ...filters, sort: sort === "newest" ? undefined : sort, cursor });
