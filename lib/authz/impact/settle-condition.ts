import "server-only";
import type { Condition, Leaf } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import type { PlacedPerson } from "@/lib/authz/impact/person";
import { isFactLeaf } from "@/lib/authz/judge-leaf";
import { whereOf } from "@/lib/authz/resolve-condition";
import { resourceType } from "@/lib/authz/resource-types";

/** What is left of a condition once it is known whose it is; or whether it holds anyway. */
export type Settled = boolean | Condition;

/**
 * Puts the person into a condition and leaves the record and the request open. What cannot be known
 * counts against them, as in a decision: as not met where the condition allows, as met where it denies.
 */
export function settle(
  condition: Condition | null,
  effect: "allow" | "deny",
  person: PlacedPerson,
  typeName: string,
): Settled {
  const unknownIs = effect === "deny";
  return condition === null ? unknownIs : settleWithin(condition, unknownIs);

  function settleWithin(part: Condition, unknown: boolean): Settled {
    switch (part.kind) {
      case "all":
      case "any": {
        const settles = part.kind === "any";
        const open: Condition[] = [];
        for (const inner of part.conditions) {
          const settled = settleWithin(inner, unknown);
          if (settled === settles) return settles;
          if (typeof settled !== "boolean") open.push(settled);
        }
        if (open.length === 0) return !settles;
        return open.length === 1 && open[0] ? open[0] : { kind: part.kind, conditions: open };
      }
      case "not": {
        const inner = settleWithin(part.condition, !unknown);
        return typeof inner === "boolean" ? !inner : { kind: "not", condition: inner };
      }
      default:
        return settleLeaf(part, person, typeName) ?? unknown;
    }
  }
}

/** Null for what cannot be known. */
function settleLeaf(leaf: Leaf, person: PlacedPerson, typeName: string): Settled | null {
  if (!isFactLeaf(leaf)) {
    const facts = { principal: { kind: person.kind, id: "" } } as Facts;
    return whereOf(leaf, facts, resourceType(typeName), undefined) === null ? null : leaf;
  }
  switch (leaf.kind) {
    case "user":
      return person.id !== null && leaf.ids.includes(person.id);
    case "role":
      return leaf.ids.some((id) => person.roleIds.has(id));
    case "team":
      return leaf.ids.some((id) => person.teamIds.has(id));
    case "email-domain":
      if (person.kind === "service") return null;
      return person.domain !== null && leaf.domains.includes(person.domain);
    case "means":
      return person.kind === "service" ? leaf.oneOf.includes("service") : leaf;
    case "assurance":
      return person.kind === "service" ? null : leaf;
    default:
      return leaf;
  }
}
