import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { accessibleRows, questionOf } from "@/lib/authz/decide";
import type { Question } from "@/lib/authz/evaluate";
import { factsOf } from "@/lib/authz/facts";
import { type HeldPermission, reachOf } from "@/lib/authz/list-held-permissions";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { RuleSource } from "@/lib/authz/rule";
import { traceOf } from "@/lib/authz/trace";
import { assumeRequest, type Extent, extentOf } from "@/lib/decisions/assume";
import {
  type Catalogue,
  findNamedRecord,
  permissionNamed,
  sourceOf,
} from "@/lib/decisions/catalogue";
import { type Subject, UNKNOWN_CIRCUMSTANCES } from "@/lib/decisions/imagine-caller";
import { type Candidate, listSubjects } from "@/lib/decisions/list-subjects";
import type { Caller } from "@/lib/shared/caller";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import type { PageRequest } from "@/lib/shared/keyset-page";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export interface Holder {
  subject: Subject;
  name: string | null;
  extent: Exclude<Extent, "never">;
  /** Of all records that there are, where no record was named. */
  reach: HeldPermission["reach"];
  /** What gives it: roles, teams and policies. */
  by: RuleSource[];
}

export interface HolderListing {
  permission: string;
  /** Of the permission's resource type; null asks who may do it to any record at all. */
  record: string | null;
  type: Subject["type"];
}

export type HolderPage =
  | {
      outcome: "listed";
      record: { id: string; label: string } | null;
      holders: Holder[];
      nextCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-permission" | "unknown-record" | "unknown-cursor" };

const Place = z.strictObject({ type: z.enum(["user", "service"]), afterId: z.uuid() });

/**
 * Who may do this in the caller's organization, by whatever path, a page at a time. Conditions
 * about the request are not judged: it is said where they are asked.
 */
export async function listHolders(
  caller: Caller,
  { permission: key, record, type }: HolderListing,
  { cursor, limit }: PageRequest,
  catalogue: Catalogue,
): Promise<HolderPage> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  await authorize(caller, type === "user" ? USER_PERMISSIONS.view : ROLE_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place?.type !== type) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const permission = permissionNamed(catalogue, key);
  if (permission === undefined) return { outcome: "rejected", reason: "unknown-permission" };
  const { organizationId } = caller.principal;
  const row = await findNamedRecord(catalogue, permission, record, organizationId);
  if (row === "unknown") return { outcome: "rejected", reason: "unknown-record" };
  const judgeOne = ({ subject, name, caller: asked, loaded }: Candidate): Holder | null => {
    const question = questionOf(loaded, factsOf(asked, loaded.held), permission, row);
    return holderOf({ subject, name }, question);
  };
  const circumstances = UNKNOWN_CIRCUMSTANCES;
  const asked = { type, organizationId, permission, record: row, circumstances };
  const { items, nextAfterId } = await listSubjects(asked, judgeOne, place?.afterId ?? null, limit);
  return {
    outcome: "listed",
    record: row && { id: row.id, label: row.label },
    holders: await visibleTo(caller, items, catalogue),
    nextCursor: nextAfterId && encodeCursor({ type, afterId: nextAfterId }),
  };
}

function holderOf(who: Pick<Holder, "subject" | "name">, question: Question): Holder | null {
  const extent = extentOf(question);
  if (extent === "never") return null;
  const best = { ...question, rules: assumeRequest(question.rules, "best") };
  return {
    ...who,
    extent,
    reach: reachOf(best),
    by: givingRules(best).map(({ source }) => source),
  };
}

/** The rules that give it, as far as can be told without a request. */
const givingRules = (question: Question) =>
  traceOf(question).rules.filter(
    ({ effect, finding }) => effect === "allow" && finding !== "does-not-count",
  );

/** Who may see some users only is told of those only. */
async function visibleTo(
  caller: Caller,
  holders: Holder[],
  catalogue: Catalogue,
): Promise<Holder[]> {
  const ids = holders.flatMap(({ subject }) => (subject.type === "user" ? [subject.id] : []));
  if (ids.length === 0) return holders;
  const rows = await accessibleRows(caller, USER_PERMISSIONS.view);
  const among = { AND: [rows, { id: { in: ids } }] };
  const { organizationId } = caller.principal;
  const users = sourceOf(catalogue, "User");
  const listed = (await users?.list(organizationId, among, null, ids.length)) ?? [];
  const visible = new Set(listed.map(({ id }) => id));
  return holders.filter(({ subject: { type, id } }) => type === "service" || visible.has(id));
}
