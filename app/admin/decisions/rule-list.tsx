import { useTranslations } from "#translations";
import { describeActual, describeSource, useDecisionTranslator } from "@/app/_shell/decision-words";
import { leafInWords } from "@/components/admin/condition-words";
import { Badge, type Tone } from "@/components/ui/badge";
import { Item, ItemList } from "@/components/ui/item-list";
import type { ExplainedCondition, Finding, Trace, TracedRule } from "@/lib/authz/trace";

type Names = Trace["names"];

const FINDING_TONES: Record<Finding, Tone> = {
  met: "success",
  "not-met": "danger",
  unknown: "warning",
  some: "neutral",
};

const COUNT_TONES: Record<TracedRule["finding"], Tone> = {
  counts: "success",
  "does-not-count": "neutral",
  "for-some": "info",
};

/** Every rule that was looked at, with the way by which it came and what its conditions found. */
export function RuleList({ trace }: { trace: Trace }) {
  const t = useTranslations("admin-decisions.rules");
  const words = useDecisionTranslator();
  if (trace.rules.length === 0) {
    return <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">{t("none")}</p>;
  }
  return (
    <ItemList>
      {numbered(trace.rules).map(({ part: rule, key }) => (
        <Item
          key={key}
          title={describeSource(words, rule.source, rule.path)}
          aside={
            <>
              <Badge tone={rule.effect === "deny" ? "danger" : "accent"}>
                {rule.effect === "deny" ? t("denies") : t("allows")}
              </Badge>
              <Badge tone={COUNT_TONES[rule.finding]}>{t(`counts.${rule.finding}`)}</Badge>
              {trace.verdict.decidedBy === key && <Badge tone="info">{t("decided")}</Badge>}
            </>
          }
        >
          {rule.fields.length > 0 && <p>{t("hides", { fields: rule.fields.join(", ") })}</p>}
          {rule.explained === null ? (
            <p>{t("without")}</p>
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

function Explained({ condition, names }: { condition: ExplainedCondition; names: Names }) {
  const t = useTranslations("admin-decisions.rules");
  const words = useDecisionTranslator();
  const finding = (
    <Badge tone={FINDING_TONES[condition.finding]}>{t(`findings.${condition.finding}`)}</Badge>
  );
  if (condition.kind === "unreadable") {
    return (
      <p className="mt-1">
        {t("unreadable")} {finding}
      </p>
    );
  }
  if (condition.kind === "leaf") {
    const { leaf, actual } = condition;
    return (
      <p className="mt-1 [overflow-wrap:anywhere]">
        {words.condition("words.ifStart", { clause: leafInWords(words.condition, leaf, names) })}{" "}
        {condition.finding !== "some" &&
          `${t("found", { actual: describeActual(words, leaf, actual, names) })} `}
        {finding}
      </p>
    );
  }
  return (
    <div className="mt-1">
      <p>
        {t(`joined.${condition.kind}`)} {finding}
      </p>
      <ul className="ms-1 border-line border-s ps-3">
        {numbered(condition.parts).map(({ part, key }) => (
          <li key={key}>
            <Explained condition={part} names={names} />
          </li>
        ))}
      </ul>
    </div>
  );
}
