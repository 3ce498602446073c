import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { ClientListing } from "@/lib/oidc/client.schema";

export const LIST_PATH = "/admin/clients";
export const NEW_PATH = `${LIST_PATH}/new`;

export const clientPath = (id: string): string => `${LIST_PATH}/${encodeURIComponent(id)}`;

/** The address of the list as it is narrowed, at a cursor or at its start. */
export const clientsHref = (listing: ClientListing, cursor?: string): string =>
  listingHref(LIST_PATH, { ...listing, cursor });
