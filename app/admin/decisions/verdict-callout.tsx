import { describeSource, REASONS } from "@/app/_shell/decision-words";
import { Callout } from "@/components/ui/callout";
import type { Trace } from "@/lib/authz/trace";

/** The answer in a sentence, with the rule that gave it. */
export function VerdictCallout({ trace }: { trace: Trace }) {
  const { verdict, rules } = trace;
  const decided = verdict.decidedBy === null ? undefined : rules[verdict.decidedBy];
  const by = decided && `Decided by ${describeSource(decided.source, decided.path)}.`;
  return (
    <Callout
      tone={verdict.allowed ? "success" : "danger"}
      title={verdict.allowed ? "Allowed" : "Denied"}
    >
      <p className="[overflow-wrap:anywhere]">
        {verdict.allowed ? "" : REASONS[verdict.reason]} {by ?? ""}
      </p>
    </Callout>
  );
}
