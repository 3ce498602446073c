import { useTranslations } from "#translations";
import { describeSource, useDecisionTranslator } from "@/app/_shell/decision-words";
import { Callout } from "@/components/ui/callout";
import type { Trace } from "@/lib/authz/trace";

/** The answer in a sentence, with the rule that gave it. */
export function VerdictCallout({ trace }: { trace: Trace }) {
  const { verdict, rules } = trace;
  const t = useTranslations("admin-decisions");
  const words = useDecisionTranslator();
  const decided = verdict.decidedBy === null ? undefined : rules[verdict.decidedBy];
  const by =
    decided && t("decidedBy", { rule: describeSource(words, decided.source, decided.path) });
  return (
    <Callout
      tone={verdict.allowed ? "success" : "danger"}
      title={verdict.allowed ? t("allowed") : t("denied")}
    >
      <p className="[overflow-wrap:anywhere]">
        {verdict.allowed ? "" : t(`words.reasons.${verdict.reason}`)} {by ?? ""}
      </p>
    </Callout>
  );
}
