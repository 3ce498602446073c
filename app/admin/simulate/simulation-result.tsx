import { useTranslations } from "#translations";
import { RuleList } from "@/app/admin/decisions/rule-list";
import { TraceFacts } from "@/app/admin/decisions/trace-facts";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import type { Judgement } from "@/lib/decisions/judge";
import type { Simulation } from "@/lib/decisions/simulate";
import type { Translator } from "@/lib/platform/locale/translator";

interface Answer {
  title: string;
  text: string;
  allowed: boolean;
}

type Answers = Translator<"admin-simulate.answers">;

function proofText(
  t: Answers,
  { acr, maxAge }: Extract<Judgement, { outcome: "proof-needed" }>["requirement"],
): string {
  if (maxAge === undefined) return t("proof", { acr: acr ?? "" });
  const minutes = Math.ceil(maxAge / 60);
  return acr === undefined ? t("proofAge", { minutes }) : t("proofBoth", { acr, minutes });
}

function useAnswer(judgement: Judgement): Answer {
  const t = useTranslations("admin-simulate.answers");
  const reasons = useTranslations("admin-decisions.words.reasons");
  switch (judgement.outcome) {
    case "allowed":
      return { title: t("allowed"), text: t("mayDo"), allowed: true };
    case "denied":
      return { title: t("denied"), text: reasons(judgement.reason), allowed: false };
    case "token-insufficient":
      return { title: t("denied"), text: t(`wants.${judgement.wants}`), allowed: false };
    case "proof-needed": {
      const text = proofText(t, judgement.requirement);
      return { title: t("proofFirst"), text, allowed: false };
    }
  }
}

type Simulated = Exclude<Simulation, { outcome: "rejected" }>;

export function SimulationResult({ result }: { result: Simulation }) {
  const t = useTranslations("admin-simulate");
  if (result.outcome === "rejected") {
    return (
      <Callout tone="warning" role="status" title={t("noAnswer")}>
        <p>{t(`rejections.${result.reason}`)}</p>
      </Callout>
    );
  }
  return <Result result={result} />;
}

function Result({ result }: { result: Simulated }) {
  const t = useTranslations("admin-simulate");
  const { title, text, allowed } = useAnswer(result.judgement);
  return (
    <>
      <Callout tone={allowed ? "success" : "danger"} role="status" title={title}>
        <p>{text}</p>
      </Callout>
      <Section title={t("decidedFrom")}>
        <TraceFacts trace={result.trace} />
      </Section>
      <Section title={t("lookedAt")} flush>
        <RuleList trace={result.trace} />
      </Section>
    </>
  );
}
