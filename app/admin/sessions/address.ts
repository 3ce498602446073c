import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { SessionListing } from "@/lib/users/user.schema";

export const SESSIONS_PATH = "/admin/sessions";

/** The address of the list as it is narrowed, at a cursor or at its start. */
export const sessionsHref = (listing: SessionListing, cursor?: string): string =>
  listingHref(SESSIONS_PATH, { ...listing, cursor });
