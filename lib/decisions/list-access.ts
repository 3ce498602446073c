import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { questionOf } from "@/lib/authz/decide";
import { factsOf } from "@/lib/authz/facts";
import { findGrantPaths, type GrantPath } from "@/lib/authz/grant-paths";
import { type HeldPermission, reachOf } from "@/lib/authz/list-held-permissions";
import { readRulesOf } from "@/lib/authz/load-rules";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import type { RuleSource } from "@/lib/authz/rule";
import { type TracedRule, traceOf } from "@/lib/authz/trace";
import { assumeRequest, type Extent, extentOf } from "@/lib/decisions/assume";
import type { Catalogue } from "@/lib/decisions/catalogue";
import {
  type Subject,
  type SubjectRef,
  UNKNOWN_CIRCUMSTANCES,
} from "@/lib/decisions/imagine-caller";
import { imagineVisible } from "@/lib/decisions/simulate";
import type { Caller } from "@/lib/shared/caller";

export interface AccessPath {
  effect: TracedRule["effect"];
  source: RuleSource;
  path: GrantPath | null;
  /** As stored; null holds always. */
  condition: unknown;
}

export interface Access {
  permission: string;
  resourceType: string;
  extent: Exclude<Extent, "never">;
  reach: HeldPermission["reach"];
  /** Every way by which it comes, and every policy that takes some of it away. */
  paths: AccessPath[];
}

export type AccessReport =
  | { outcome: "reported"; subject: Subject; access: Access[] }
  | { outcome: "rejected"; reason: "unknown-subject" | "inactive-subject" };

/**
 * Everything that somebody may do in the caller's organization, how far it reaches and by which
 * paths, by the key of the permission. Conditions about the request are not judged: it is said
 * where they are asked.
 */
export async function listAccess(
  caller: Caller,
  ref: SubjectRef,
  catalogue: Catalogue,
): Promise<AccessReport> {
  await authorize(caller, DECISION_PERMISSIONS.view);
  const imagined = await imagineVisible(caller, ref, UNKNOWN_CIRCUMSTANCES, catalogue);
  if (imagined.outcome === "unknown") return { outcome: "rejected", reason: "unknown-subject" };
  if (imagined.outcome === "inactive") return { outcome: "rejected", reason: "inactive-subject" };
  const { caller: asked, subject } = imagined;
  const loaded = await readRulesOf(asked.principal);
  const facts = factsOf(asked, loaded.held);
  const pathOf = await findGrantPaths([...loaded.rules.values()].flat(), facts.principal);
  const access = catalogue.permissions.flatMap((permission): Access[] => {
    const question = questionOf(loaded, facts, permission, null);
    const extent = extentOf(question);
    if (extent === "never") return [];
    const best = { ...question, rules: assumeRequest(question.rules, "best") };
    const { rules } = traceOf(best, pathOf);
    const counting = rules.flatMap(({ effect, source, path, finding, fields }, index) =>
      finding === "does-not-count" || fields.length > 0
        ? []
        : [{ effect, source, path, condition: question.rules[index]?.condition ?? null }],
    );
    const { key, resourceType } = permission;
    return [{ permission: key, resourceType, extent, reach: reachOf(best), paths: counting }];
  });
  access.sort((one, other) => one.permission.localeCompare(other.permission));
  return { outcome: "reported", subject, access };
}
