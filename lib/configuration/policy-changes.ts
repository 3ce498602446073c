import "server-only";
import { isDeepStrictEqual } from "node:util";
import { canonicalRule } from "@/lib/configuration/canonical";
import type { PolicyEntry, RuleEntry } from "@/lib/configuration/configuration.schema";
import type { Difference } from "@/lib/configuration/plan";
import { ruleEntry } from "@/lib/configuration/present";
import type { Work } from "@/lib/configuration/work";
import {
  changePolicyAsOperator,
  createPolicyAsOperator,
  deletePolicyAsOperator,
  type PolicyWriteRejection,
  type WantedPolicy,
  type WantedVersion,
} from "@/lib/policies/operate-policies";

/** Writes, changes or deletes the policy that a difference is about. */
export async function makePolicyChange(
  { name, after }: Difference,
  place: string | null,
  { operator, present, object, tx }: Work,
): Promise<PolicyWriteRejection | null> {
  const { names } = present;
  const row = present.policies.find(
    (policy) => policy.name === name && policy.organizationId === place,
  );
  const entry = after as PolicyEntry | null;
  if (entry === null) {
    return row === undefined ? null : deletePolicyAsOperator(operator, row, object, tx);
  }
  /** The version that says so already, or what is to be written. */
  const versionOf = (rule: RuleEntry, among: "all" | "newest"): WantedVersion => {
    const versions = row === undefined ? [] : [row.newest, row.active, row.shadow];
    const found = (among === "all" ? versions : versions.slice(0, 1)).find(
      (version) =>
        version !== null &&
        isDeepStrictEqual(canonicalRule(ruleEntry(version, place, names)), rule),
    );
    if (found) return found.number;
    const condition = rule.condition && names.toStored(rule.condition, place);
    return { ...rule, condition, note: "" };
  };
  const { description, stage, rule, candidate } = entry;
  const wanted: WantedPolicy = {
    description,
    active: stage === "active" ? versionOf(rule, "all") : null,
    shadow: stage === "shadow" ? versionOf(rule, "all") : candidate && versionOf(candidate, "all"),
    // What neither is in force nor in shadow is said by the newest version alone.
    newest: stage === "draft" ? versionOf(rule, "newest") : null,
  };
  return row === undefined
    ? createPolicyAsOperator(operator, { organizationId: place, name }, wanted, object, tx)
    : changePolicyAsOperator(operator, row, wanted, object, tx);
}
