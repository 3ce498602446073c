import "server-only";
import { leavesOf, readCondition } from "@/lib/authz/condition.schema";
import type { Question } from "@/lib/authz/evaluate";
import { findGrantPaths } from "@/lib/authz/grant-paths";
import { listNames } from "@/lib/authz/path-store";
import { type Trace, traceOf } from "@/lib/authz/trace";
import type { Db } from "@/lib/platform/db/client";
import { isId } from "@/lib/shared/id.schema";

/** Why the question has the answer that it has, with every name as it is now. */
export async function explainQuestion(question: Question, db?: Db): Promise<Trace> {
  const { rules, facts } = question;
  const pathOf = await findGrantPaths(rules, facts.principal, db);
  const names = await listNames(idsIn(question), facts.principal.organizationId, db);
  return traceOf(question, pathOf, Object.fromEntries(names.map(({ id, name }) => [id, name])));
}

/** Whatever a condition compares by id. Without such a condition nothing is looked up. */
function idsIn({ rules, facts }: Question): string[] {
  const leaves = rules.flatMap(({ condition }) => {
    const readable = readCondition(condition);
    return readable === null ? [] : leavesOf(readable);
  });
  const named = leaves.flatMap((leaf) => ("ids" in leaf ? leaf.ids : []));
  if (named.length === 0) return [];
  const { roleIds, teamIds } = facts.principal;
  return [...new Set([...named, ...roleIds, ...teamIds])].filter(isId);
}
