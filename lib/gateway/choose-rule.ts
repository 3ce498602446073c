import "server-only";
import type { GatewayRule } from "@/lib/gateway/gateway-rule.schema";
import { foldedPath, type OriginalRequest } from "@/lib/gateway/original-request";
import {
  compareSpecificity,
  matchesPattern,
  type Pattern,
  splitPattern,
} from "@/lib/gateway/path-pattern";

export interface PlacedRule extends GatewayRule {
  pattern: Pattern;
  /** The same in lower case. */
  folded: Pattern;
}

/** The rules by their host, those that say more first. */
export type RuleBook = ReadonlyMap<string, readonly PlacedRule[]>;

/** Rules in the order in which they are asked; {@link findClashes} has found nothing in them. */
export function orderRules(rules: readonly GatewayRule[]): RuleBook {
  const placed = rules.map((rule) => ({
    ...rule,
    pattern: splitPattern(rule.path),
    folded: splitPattern(rule.path.toLowerCase()),
  }));
  const hosts = [...new Set(placed.map(({ host }) => host))];
  return new Map(
    hosts.map((host) => [
      host,
      placed
        .filter((rule) => rule.host === host)
        .toSorted((one, other) => compareSpecificity(one.pattern, other.pattern)),
    ]),
  );
}

export type Choice =
  | { outcome: "chosen"; rule: PlacedRule }
  /** `case`: a server that does not tell upper from lower case would find another rule's place. */
  | { outcome: "none"; reason: "host" | "path" | "method" | "case" };

/**
 * The rule for a request: of those whose pattern stands for its path, the ones that say most, and of
 * these the one that has its method. Where none of them has it there is no rule, whatever a
 * weaker pattern says (F126).
 */
export function chooseRule(book: RuleBook, { host, path, method }: OriginalRequest): Choice {
  const rules = book.get(host);
  if (rules === undefined) return { outcome: "none", reason: "host" };
  const first = rules.find(({ pattern }) => matchesPattern(pattern, path));
  const lowered = foldedPath(path);
  const anyCase = rules.find(({ folded }) => matchesPattern(folded, lowered));
  if (first?.path !== anyCase?.path) return { outcome: "none", reason: "case" };
  if (first === undefined) return { outcome: "none", reason: "path" };
  const rule = rules.find(
    (candidate) =>
      compareSpecificity(candidate.pattern, first.pattern) === 0 &&
      matchesPattern(candidate.pattern, path) &&
      hasMethod(candidate, method),
  );
  return rule === undefined ? { outcome: "none", reason: "method" } : { outcome: "chosen", rule };
}

const hasMethod = ({ methods }: GatewayRule, method: string): boolean => {
  const asked = method === "HEAD" ? "GET" : method;
  return methods === undefined || methods.some((one) => one === asked);
};

/** Pairs of rules that nothing tells which of them counts, and names that are given twice. */
export function findClashes(rules: readonly GatewayRule[]): string[] {
  const clashes: string[] = [];
  for (const [at, one] of rules.entries()) {
    for (const other of rules.slice(at + 1)) {
      if (one.name === other.name) clashes.push(`two rules are called ${one.name}`);
      else if (isSamePlace(one, other) && sharesMethod(one, other))
        clashes.push(`${one.name} and ${other.name} are for the same requests`);
      else if (isSamePlace(one, other) && one.path !== other.path)
        clashes.push(`${one.name} and ${other.name} write one path in two ways`);
    }
  }
  return clashes;
}

const placeOf = ({ path }: GatewayRule): string => splitPattern(path.toLowerCase()).join("/");

const isSamePlace = (one: GatewayRule, other: GatewayRule): boolean =>
  one.host === other.host && placeOf(one) === placeOf(other);

const sharesMethod = ({ methods: own }: GatewayRule, { methods: its }: GatewayRule): boolean =>
  own === undefined || its === undefined || own.some((method) => its.includes(method));
