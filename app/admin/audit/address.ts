import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { AuditListing } from "@/lib/audit-log/audit-log.schema";

export const AUDIT_PATH = "/admin/audit";

/** The address of a list as it is filtered, at a cursor or at its start. */
export const auditHref = (listing: AuditListing, cursor?: string): string =>
  listingHref(AUDIT_PATH, { ...listing, cursor });
