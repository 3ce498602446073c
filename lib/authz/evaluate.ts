import "server-only";
import { subject } from "@casl/ability";
import { compileAbility, type Row, residueOf, type Subject } from "@/lib/authz/ability";
import type { Facts } from "@/lib/authz/facts";
import { resourceType } from "@/lib/authz/resource-types";
import type { Rule } from "@/lib/authz/rule";

/**
 * `no-grant`: nothing gives the permission. `condition-not-met`: something does, but not here
 * and now. `denied-by-policy`: a policy denies it, whatever else gives it.
 */
export type DenialReason = "no-grant" | "condition-not-met" | "denied-by-policy";

/** All that a decision is made from: the same question has the same answer at any time. */
export interface Question extends Subject {
  facts: Facts;
  /** The rules about this permission. */
  rules: readonly Rule[];
  /** The record; null asks whether there is any record for which it is allowed. */
  resource: Row | null;
}

/** `decidedBy` is the index of the rule that decided; null when none did. */
export type Verdict =
  | { allowed: true; decidedBy: number }
  | { allowed: false; reason: DenialReason; decidedBy: number | null };

/**
 * Decides, in the one order: a policy that denies wins; else a grant or a policy that allows
 * decides; else it is denied. Without I/O and without a clock of its own.
 */
export function evaluate(question: Question): Verdict {
  const { permissionKey, resourceType: type, facts, rules, resource } = question;
  const ability = compileAbility(question, rules, facts, {
    row: resource ?? undefined,
    anyRecord: resource === null,
  });
  // A copy, because CASL marks the object it is given with the resource type.
  const target = resource === null ? type : subject(type, { ...resource });
  const rule = ability.relevantRuleFor(permissionKey, target);
  const decidedBy = rule?.reason === undefined ? null : Number(rule.reason);
  if (rule && !rule.inverted && decidedBy !== null) return { allowed: true, decidedBy };
  if (rule) return { allowed: false, reason: "denied-by-policy", decidedBy };
  const given = rules.some(({ effect }) => effect === "allow");
  return { allowed: false, reason: given ? "condition-not-met" : "no-grant", decidedBy: null };
}

/** The fields of the record that a policy hides from the caller; of no record, that it hides of some. */
export function hiddenFields(question: Question): string[] {
  const { permissionKey, resourceType: type, facts, rules, resource } = question;
  const masks = rules.filter(({ effect, fields }) => effect === "deny" && fields.length > 0);
  if (masks.length === 0) return [];
  const hideable = resourceType(type).hideable ?? [];
  if (resource === null) {
    const possible = masks.filter((rule) => residueOf(rule, facts, type) !== false);
    return hideable.filter((field) => possible.some(({ fields }) => fields.includes(field)));
  }
  const ability = compileAbility(question, masks, facts, { row: resource });
  const target = subject(type, { ...resource });
  return hideable.filter((field) => ability.relevantRuleFor(permissionKey, target, field) !== null);
}
