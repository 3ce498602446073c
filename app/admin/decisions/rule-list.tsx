import { describeActual, describeSource } from "@/app/_shell/decision-words";
import { leafInWords } from "@/components/admin/condition-words";
import { Badge, type Tone } from "@/components/ui/badge";
import { Item, ItemList } from "@/components/ui/item-list";
import type { ExplainedCondition, Finding, Trace, TracedRule } from "@/lib/authz/trace";

type Names = Trace["names"];

const FINDINGS: Record<Finding, { tone: Tone; label: string }> = {
  met: { tone: "success", label: "met" },
  "not-met": { tone: "danger", label: "not met" },
  unknown: { tone: "warning", label: "not known" },
  some: { tone: "neutral", label: "for some records" },
};

const COUNTS: Record<TracedRule["finding"], { tone: Tone; label: string }> = {
  counts: { tone: "success", label: "Counts" },
  "does-not-count": { tone: "neutral", label: "Does not count" },
  "for-some": { tone: "info", label: "For some records" },
};

/** Every rule that was looked at, with the way by which it came and what its conditions found. */
export function RuleList({ trace }: { trace: Trace }) {
  if (trace.rules.length === 0) {
    return (
      <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">
        No role, team or policy gives it or denies it.
      </p>
    );
  }
  return (
    <ItemList>
      {numbered(trace.rules).map(({ part: rule, key }) => (
        <Item
          key={key}
          title={describeSource(rule.source, rule.path)}
          aside={
            <>
              <Badge tone={rule.effect === "deny" ? "danger" : "accent"}>
                {rule.effect === "deny" ? "Denies" : "Allows"}
              </Badge>
              <Badge tone={COUNTS[rule.finding].tone}>{COUNTS[rule.finding].label}</Badge>
              {trace.verdict.decidedBy === key && <Badge tone="info">Decided</Badge>}
            </>
          }
        >
          {rule.fields.length > 0 && <p>Hides {rule.fields.join(", ")}.</p>}
          {rule.explained === null ? (
            <p>Without a condition.</p>
          ) : (
            <Explained condition={rule.explained} names={trace.names} />
          )}
        </Item>
      ))}
    </ItemList>
  );
}

/** A trace never changes, so the place of a part is its name. */
const numbered = <T,>(parts: readonly T[]) => parts.map((part, key) => ({ part, key }));

const JOINED = { all: "All of these", any: "Any of these", not: "Not this" } as const;

function Explained({ condition, names }: { condition: ExplainedCondition; names: Names }) {
  const { tone, label } = FINDINGS[condition.finding];
  const finding = <Badge tone={tone}>{label}</Badge>;
  if (condition.kind === "unreadable") {
    return <p className="mt-1">A condition that this version cannot read. {finding}</p>;
  }
  if (condition.kind === "leaf") {
    const { leaf, actual } = condition;
    return (
      <p className="mt-1 [overflow-wrap:anywhere]">
        If {leafInWords(leaf, names)}.{" "}
        {condition.finding === "some" ? "" : `Found: ${describeActual(leaf, actual, names)}. `}
        {finding}
      </p>
    );
  }
  return (
    <div className="mt-1">
      <p>
        {JOINED[condition.kind]}: {finding}
      </p>
      <ul className="ml-1 border-line border-l pl-3">
        {numbered(condition.parts).map(({ part, key }) => (
          <li key={key}>
            <Explained condition={part} names={names} />
          </li>
        ))}
      </ul>
    </div>
  );
}
