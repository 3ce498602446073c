import "server-only";
import type { Ability as CaslAbility, SubjectRawRule } from "@casl/ability";
import { createPrismaAbility } from "@casl/prisma/runtime";
import { readCondition } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import { type Residue, resolveCondition, type Where } from "@/lib/authz/resolve-condition";
import type { Rule } from "@/lib/authz/rule";
import { isUndeniable } from "@/lib/authz/undeniable";

/** In our abilities the action is the permission's key and the subject its resource type. */
export type Ability = CaslAbility<[string, string | object]>;

export interface Subject {
  permissionKey: string;
  resourceType: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** What is left of a rule's condition for this caller; of no condition, that it holds. */
export function residueOf(rule: Rule, facts: Facts, resourceType: string, row?: Row): Residue {
  if (rule.condition === null) return true;
  const condition = readCondition(rule.condition);
  return resolveCondition(condition, rule.effect, facts, resourceType, row);
}

/**
 * Compiles what is left of the rules to the one evaluator (D7), so that a check, a list query,
 * a hidden field and a hidden button cannot disagree. The last rule that fits decides there, so
 * denials stand last and win; of several that fit the first is named. Each rule's reason is its
 * index among `rules`. Once a rule allows everything, the others that allow add nothing and are
 * left out; with `anyRecord`, which asks for no particular one, so it is once a rule allows any.
 */
export function compileAbility(
  { permissionKey, resourceType }: Subject,
  rules: readonly Rule[],
  facts: Facts,
  { row, anyRecord = false }: { row?: Row | undefined; anyRecord?: boolean } = {},
): Ability {
  const compiled: (SubjectRawRule<string, string, Where> & { inverted: boolean })[] = [];
  let settled = false;
  rules.forEach((rule, index) => {
    const inverted = rule.effect === "deny";
    if (inverted && isUndeniable(permissionKey)) return;
    if (settled && !inverted) return;
    const residue = residueOf(rule, facts, resourceType, row);
    if (residue === false) return;
    if (!inverted) settled = residue === true || anyRecord;
    compiled.push({
      action: permissionKey,
      subject: resourceType,
      inverted,
      reason: String(index),
      ...(residue === true ? {} : { conditions: residue }),
      ...(rule.fields.length === 0 ? {} : { fields: rule.fields }),
    });
  });
  const ordered = compiled.toReversed().sort((a, b) => Number(a.inverted) - Number(b.inverted));
  return createPrismaAbility(ordered);
}
