import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { AuditListing } from "@/lib/audit-log/audit-log.schema";

export const AUDIT_PATH = "/admin/audit";

/** The address of a list as it is filtered, at a cursor or at its start. */
export const auditHref = (listing: AuditListing, cursor?: string): string =>
  listingHref(AUDIT_PATH, { ...listing, cursor });

/** The same list as a file. */
export const auditCsvHref = (listing: AuditListing): string =>
  listingHref("/api/v1/audit-events.csv", listing);

/** A page of it in the API. */
export const auditApiHref = (
  listing: AuditListing,
  cursor: string | undefined,
  limit: number,
): string => listingHref("/api/v1/audit-events", { ...listing, cursor, limit: String(limit) });
