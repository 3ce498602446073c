import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { AccessListing } from "@/app/admin/access/listing.schema";

export const ACCESS_PATH = "/admin/access";

export const accessHref = (listing: AccessListing, cursor?: string): string =>
  listingHref(ACCESS_PATH, { ...listing, cursor });

/** The same as a file. */
export const holdersFileHref = (listing: AccessListing): string =>
  listingHref("/api/v1/access/holders.csv", { ...listing });

export const userAccessPath = (id: string): string =>
  `/admin/users/${encodeURIComponent(id)}/access`;
