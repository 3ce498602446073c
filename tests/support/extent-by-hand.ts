import {
  type Asker,
  askerOf,
  type GatheredRule,
  gatherRules,
  type Stored,
  serviceAskerOf,
  type Tables,
} from "@/tests/support/effective";

// How far a yes reaches among all requests, by hand: from what docs/decisions/0040 says, and from
// the rules that effective.ts has gathered from the rows.

export type Row = Readonly<Record<string, unknown>>;
type Field = Stored & { field: string; operator: string; value: unknown };

const OF_REQUEST = new Set(["means", "hours", "network", "assurance"]);

interface Asked {
  asker: Asker;
  isService: boolean;
  /** Null asks whether there is any record. */
  record: Row | null;
}

/** What a leaf says, or whose it is to say. */
type Answer = boolean | "request" | "record" | "unknown";

function answerOf(leaf: Stored, { asker, isService, record }: Asked): Answer {
  const among = (held: Iterable<string>) => [...held].some((id) => (leaf.ids ?? []).includes(id));
  if (OF_REQUEST.has(leaf.kind)) return "request";
  switch (leaf.kind) {
    case "user":
      return among([asker.id]);
    case "role":
      return among(asker.roles);
    case "team":
      return among(asker.teams);
    case "email-domain":
      return isService ? "unknown" : (leaf.domains ?? []).includes(asker.email.split("@")[1] ?? "");
    case "own":
      if (isService) return "unknown";
      return record === null ? "record" : record["ownerId"] === asker.id;
    case "field":
      return record === null ? "record" : compare(leaf as Field, record);
    default:
      throw new Error(`no such condition in these tests: ${leaf.kind}`);
  }
}

function compare({ field, operator, value }: Field, record: Row): boolean {
  const actual = record[field];
  if (operator === "one-of") return (value as unknown[]).includes(actual);
  if (operator === "equals") return actual === value;
  if (operator === "not-equals") return actual !== value;
  return operator === "at-most" ? Number(actual) <= Number(value) : Number(actual) >= Number(value);
}

/** Whether the rule counts where everything that the request says is good for the asker, or bad. */
function counts(rule: GatheredRule, asked: Asked, isRequestGood: boolean): boolean {
  const good = { request: isRequestGood, record: true, unknown: false };
  const holds = (condition: Stored, positive: boolean): boolean => {
    if (condition.kind === "not") return !holds(condition.condition as Stored, !positive);
    const parts = condition.conditions ?? [];
    if (condition.kind === "all") return parts.every((part) => holds(part, positive));
    if (condition.kind === "any") return parts.some((part) => holds(part, positive));
    const answer = answerOf(condition, asked);
    if (typeof answer === "boolean") return answer;
    return good[answer] === ((rule.effect === "allow") === positive);
  };
  return rule.condition === null || holds(rule.condition, true);
}

export type Extent = "always" | "depends" | "never";

/** Of everybody in the organization, by their ids; those who may not at all are left out. */
export function extentsByHand(
  tables: Tables,
  ids: { users?: string[]; services?: string[] },
  { place, key, record }: { place: string; key: string; record: Row | null },
): Map<string, Extent> {
  const found = new Map<string, Extent>();
  const judge = (asker: Asker, isService: boolean) => {
    const rules = gatherRules(tables, asker, place).filter(
      (rule) => rule.key === key && rule.fields.length === 0,
    );
    const isAllowed = (isRequestGood: boolean) => {
      const counting = rules.filter((it) =>
        counts(it, { asker, isService, record }, isRequestGood),
      );
      return counting.length > 0 && counting.every(({ effect }) => effect === "allow");
    };
    if (isAllowed(true)) found.set(asker.id, isAllowed(false) ? "always" : "depends");
  };
  for (const id of ids.users ?? []) judge(askerOf(tables, id, place), false);
  for (const id of ids.services ?? []) judge(serviceAskerOf(tables, id, place), true);
  return found;
}
