import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { MessageListing } from "@/lib/outbox/outbox.schema";

export const OUTBOX_PATH = "/admin/outbox";

/** The address of the list as it is narrowed, at a cursor or at its start. */
export const outboxHref = (listing: MessageListing, cursor?: string): string =>
  listingHref(OUTBOX_PATH, { ...listing, cursor });

/** The same page of it in the API. */
export const outboxApiHref = (
  listing: MessageListing,
  cursor: string | undefined,
  limit: number,
): string => listingHref("/api/v1/outbox", { ...listing, cursor, limit: String(limit) });
