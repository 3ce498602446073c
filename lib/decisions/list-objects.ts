import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { rowsOf } from "@/lib/authz/decide";
import { type LoadedRules, readRulesOf } from "@/lib/authz/load-rules";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { type Catalogue, permissionNamed, sourceOf } from "@/lib/decisions/catalogue";
import type { Circumstances, Subject, SubjectRef } from "@/lib/decisions/imagine-caller";
import { judge } from "@/lib/decisions/judge";
import { imagineVisible } from "@/lib/decisions/simulate";
import type { Caller } from "@/lib/shared/caller";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import type { PageRequest } from "@/lib/shared/keyset-page";
import type { Permission } from "@/lib/shared/permission";

export interface ObjectPage {
  items: { id: string; label: string }[];
  nextAfterId: string | null;
}

/**
 * The records of the permission's type for which this caller's check is answered with yes, by id.
 * The filter is made from the same question as a check, so the two agree.
 */
export async function listAllowedRecords(
  asked: Caller,
  loaded: LoadedRules,
  permission: Permission,
  catalogue: Catalogue,
  { afterId, limit }: { afterId: string | null; limit: number },
): Promise<ObjectPage> {
  const source = sourceOf(catalogue, permission.resourceType);
  const { judgement, question } = judge(asked, loaded, permission, null);
  if (source === undefined || judgement.outcome !== "allowed")
    return { items: [], nextAfterId: null };
  const { organizationId } = asked.principal;
  const rows = await source.list(organizationId, rowsOf(question), afterId, limit + 1);
  const items = rows.slice(0, limit);
  return { items, nextAfterId: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export type ObjectListing =
  | {
      outcome: "listed";
      subject: Subject;
      records: { id: string; label: string }[];
      nextCursor: string | null;
    }
  | {
      outcome: "rejected";
      reason:
        | "unknown-subject"
        | "inactive-subject"
        | "unknown-permission"
        /** Of this type no records can be listed. */
        | "unlisted-type"
        | "unknown-cursor";
    };

/** The records that somebody may do this to, in these circumstances, a page at a time. */
export async function listObjects(
  caller: Caller,
  {
    subject: ref,
    permission: key,
    circumstances,
  }: { subject: SubjectRef; permission: string; circumstances: Circumstances },
  { cursor, limit }: PageRequest,
  catalogue: Catalogue,
): Promise<ObjectListing> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  const afterId = cursor === undefined ? null : decodeCursor(cursor, z.uuid());
  if (cursor !== undefined && afterId === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const imagined = await imagineVisible(caller, ref, circumstances, catalogue);
  if (imagined.outcome === "unknown") return { outcome: "rejected", reason: "unknown-subject" };
  if (imagined.outcome === "inactive") return { outcome: "rejected", reason: "inactive-subject" };
  const permission = permissionNamed(catalogue, key);
  if (permission === undefined) return { outcome: "rejected", reason: "unknown-permission" };
  if (sourceOf(catalogue, permission.resourceType) === undefined) {
    return { outcome: "rejected", reason: "unlisted-type" };
  }
  const { principal } = imagined.caller;
  const loaded = await readRulesOf(principal, principal.asOf);
  const walked = { afterId, limit };
  const page = await listAllowedRecords(imagined.caller, loaded, permission, catalogue, walked);
  return {
    outcome: "listed",
    subject: imagined.subject,
    records: page.items,
    nextCursor: page.nextAfterId && encodeCursor(page.nextAfterId),
  };
}
