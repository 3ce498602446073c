import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Condition, type Leaf, leavesOf, readCondition } from "@/lib/authz/condition.schema";

export type PrincipalKind = "user" | "service";

/** What conditions can ask of who somebody is, as it counts in one place. */
export interface PersonalFacts {
  kind: PrincipalKind;
  id: string;
  email: string;
  /** Roles and teams that count wherever the grant does. */
  sure: ReadonlySet<string>;
  /** Those that count in some of these places, at least. */
  possible: ReadonlySet<string>;
}

type PersonalLeaf = Extract<Leaf, { kind: "user" | "role" | "team" | "email-domain" }>;
/** What people can meet and service accounts cannot, or the other way round. */
type KindLeaf = Extract<Leaf, { kind: "means" | "assurance" }>;

const isPersonal = (leaf: Leaf): leaf is PersonalLeaf =>
  ["user", "role", "team", "email-domain"].includes(leaf.kind);

const isOfKind = (leaf: Leaf): leaf is KindLeaf => ["means", "assurance"].includes(leaf.kind);

/** Whether who asks decides it, and not only the record or the request. */
export function asksWho(stored: unknown): boolean {
  const condition = readCondition(stored);
  return condition !== null && leavesOf(condition).some(isPersonal);
}

/** Put in its place what each leaf about a person comes to; `positive` is false within a "not". */
function settle(
  condition: Condition,
  positive: boolean,
  judge: (leaf: Leaf, positive: boolean) => boolean | Leaf,
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
      return judge(condition, positive);
  }
}

function isMet(
  leaf: PersonalLeaf | KindLeaf,
  facts: PersonalFacts,
  positive: boolean,
): boolean | Leaf {
  switch (leaf.kind) {
    case "user":
      return leaf.ids.includes(facts.id);
    case "email-domain":
      // Of a service account no address is known, and what is not known is never met.
      if (facts.email === "") return !positive;
      return leaf.domains.includes(facts.email.split("@").at(-1) ?? "");
    case "role":
    case "team": {
      const held = positive ? facts.sure : facts.possible;
      return leaf.ids.some((id) => held.has(id));
    }
    case "means":
      // A person can always come by a session.
      return leaf.oneOf.includes(facts.kind === "user" ? "session" : "service");
    case "assurance":
      return facts.kind === "user" ? leaf : !positive;
  }
}

/**
 * Whether this person gets as much by the condition as anybody of a kind could: then whoever else
 * has the same grant has no more by it. Whoever gets less cannot pass it on, as another may meet what
 * they do not (ATK-42).
 */
export function isFullyMet(
  stored: unknown,
  facts: PersonalFacts,
  among: PrincipalKind = facts.kind,
): boolean {
  const condition = readCondition(stored);
  if (condition === null) return false;
  const own = settle(condition, true, (leaf, positive) =>
    isPersonal(leaf) || (isOfKind(leaf) && among !== facts.kind)
      ? isMet(leaf, facts, positive)
      : leaf,
  );
  const most = settle(condition, true, (leaf, positive) => mostOf(leaf, positive, facts, among));
  return isDeepStrictEqual(own, most);
}

/** What a leaf comes to for whoever gets the most by it. */
function mostOf(
  leaf: Leaf,
  positive: boolean,
  facts: PersonalFacts,
  among: PrincipalKind,
): boolean | Leaf {
  if (isPersonal(leaf)) return positive;
  if (!isOfKind(leaf) || among === facts.kind) return leaf;
  // Nothing is known of the proof of a service account; one of people is asked of them all alike.
  return leaf.kind === "assurance" && facts.kind === "user" ? leaf : positive;
}
