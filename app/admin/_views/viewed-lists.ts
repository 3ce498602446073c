import "server-only";
import { parseListingAddress } from "@/app/_http/listing-address";
import { AUDIT_PATH, auditHref } from "@/app/admin/audit/address";
import { SESSIONS_PATH, sessionsHref } from "@/app/admin/sessions/address";
import { USERS_PATH, usersHref } from "@/app/admin/users/address";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { AuditListing } from "@/lib/audit-log/audit-log.schema";
import type { Viewed } from "@/lib/saved-views/own-views";
import type { ViewedList } from "@/lib/saved-views/saved-view.schema";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { SessionListing, UserListing } from "@/lib/users/user.schema";

type Parameters = Record<string, string | string[] | undefined>;

/** The address with those of the parameters that the list takes now; the others narrow nothing. */
const HREFS: Record<ViewedList, (parameters: Parameters) => string> = {
  users: (parameters) => usersHref(parseListingAddress(UserListing, parameters).listing),
  sessions: (parameters) => sessionsHref(parseListingAddress(SessionListing, parameters).listing),
  audit: (parameters) => auditHref(parseListingAddress(AuditListing, parameters).listing),
};

export const VIEWED: Record<ViewedList, Viewed & { path: string }> = {
  users: { list: "users", permission: USER_PERMISSIONS.view, path: USERS_PATH },
  sessions: { list: "sessions", permission: USER_PERMISSIONS.revokeSessions, path: SESSIONS_PATH },
  audit: { list: "audit", permission: AUDIT_PERMISSIONS.view, path: AUDIT_PATH },
};

export const viewHref = (list: ViewedList, parameters: Parameters): string =>
  HREFS[list](parameters);

export const queryOf = (href: string): string => href.split("?")[1] ?? "";

/** What of a query the list takes: nothing else is worth keeping. */
export const usableParameters = (list: ViewedList, query: string): Record<string, string> =>
  Object.fromEntries(
    new URLSearchParams(queryOf(viewHref(list, Object.fromEntries(new URLSearchParams(query))))),
  );
