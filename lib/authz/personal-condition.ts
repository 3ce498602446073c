import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Condition, type Leaf, leavesOf, readCondition } from "@/lib/authz/condition.schema";

/** What conditions can ask of who somebody is, as it counts in one place. */
export interface PersonalFacts {
  id: string;
  email: string;
  /** Roles and teams that count wherever the grant does. */
  sure: ReadonlySet<string>;
  /** Those that count in some of these places, at least. */
  possible: ReadonlySet<string>;
}

type PersonalLeaf = Extract<Leaf, { kind: "user" | "role" | "team" | "email-domain" }>;

const isPersonal = (leaf: Leaf): leaf is PersonalLeaf =>
  ["user", "role", "team", "email-domain"].includes(leaf.kind);

/** Whether who asks decides it, and not only the record or the request. */
export function asksWho(stored: unknown): boolean {
  const condition = readCondition(stored);
  return condition !== null && leavesOf(condition).some(isPersonal);
}

/** Put in its place what each leaf about a person comes to; `positive` is false within a "not". */
function settle(
  condition: Condition,
  positive: boolean,
  judge: (leaf: PersonalLeaf, positive: boolean) => boolean,
): boolean | Condition {
  switch (condition.kind) {
    case "all":
    case "any": {
      const decisive = condition.kind === "any";
      const parts = condition.conditions.map((part) => settle(part, positive, judge));
      if (parts.includes(decisive)) return decisive;
      const open = parts.filter((part) => typeof part !== "boolean");
      return open.length === 0 ? !decisive : { kind: condition.kind, conditions: open };
    }
    case "not": {
      const inner = settle(condition.condition, !positive, judge);
      return typeof inner === "boolean" ? !inner : { kind: "not", condition: inner };
    }
    default:
      return isPersonal(condition) ? judge(condition, positive) : condition;
  }
}

function isMet(leaf: PersonalLeaf, facts: PersonalFacts, held: ReadonlySet<string>): boolean {
  switch (leaf.kind) {
    case "user":
      return leaf.ids.includes(facts.id);
    case "email-domain":
      return leaf.domains.includes(facts.email.split("@").at(-1) ?? "");
    case "role":
    case "team":
      return leaf.ids.some((id) => held.has(id));
  }
}

/**
 * Whether this person gets as much by the condition as anybody could: then whoever else has the
 * same grant has no more by it. Whoever gets less cannot pass it on, as another may meet what they
 * do not (ATK-42).
 */
export function isFullyMet(stored: unknown, facts: PersonalFacts): boolean {
  const condition = readCondition(stored);
  if (condition === null) return false;
  const own = settle(condition, true, (leaf, positive) =>
    isMet(leaf, facts, positive ? facts.sure : facts.possible),
  );
  const most = settle(condition, true, (_leaf, positive) => positive);
  return isDeepStrictEqual(own, most);
}
