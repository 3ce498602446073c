import "server-only";
import { z } from "zod";
import { AuditListing } from "@/lib/audit-log/audit-log.schema";

export const AUDIT_PATH = "/admin/audit";

const FILTERS = ["actor", "action", "target", "outcome", "from", "to"] as const;

export interface AuditAddress {
  listing: AuditListing;
  /** What was typed and could not be used, with the reason. */
  problems: { name: string; message: string }[];
  cursor: string | undefined;
}

/** Reads what can be used of an address; the rest is told, not guessed. */
export function parseAuditAddress(
  search: Record<string, string | string[] | undefined>,
): AuditAddress {
  const given: Record<string, unknown> = {};
  const problems: AuditAddress["problems"] = [];
  for (const name of FILTERS) {
    const value = search[name];
    if (value === undefined || value === "") continue;
    const parsed = AuditListing.safeParse({ [name]: value });
    if (parsed.success) given[name] = value;
    else problems.push({ name, message: parsed.error.issues[0]?.message ?? "It does not fit." });
  }
  const cursor = z.string().safeParse(search["cursor"]);
  return {
    listing: AuditListing.parse(given),
    problems,
    cursor: cursor.success ? cursor.data : undefined,
  };
}

/** The address of a list as it is filtered, at a cursor or at its start. */
export function auditHref(listing: AuditListing, cursor?: string | null): string {
  const query = new URLSearchParams(
    Object.entries({ ...listing, cursor: cursor ?? undefined }).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  ).toString();
  return query === "" ? AUDIT_PATH : `${AUDIT_PATH}?${query}`;
}
