import { listingHref } from "@/app/_http/listing-address";
import type { Search } from "@/lib/organizations/organization.schema";

export const ORGANIZATIONS_PATH = "/admin/organizations";

export const organizationPath = (id: string): string =>
  `${ORGANIZATIONS_PATH}/${encodeURIComponent(id)}`;

/** A page of a list under this path, from a cursor. */
export const searchHref = (path: string, { q }: Search, cursor?: string): string =>
  listingHref(path, { q: q || undefined, cursor });
