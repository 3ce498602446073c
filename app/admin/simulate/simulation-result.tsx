import { REASONS } from "@/app/_shell/decision-words";
import { RuleList } from "@/app/admin/decisions/rule-list";
import { TraceFacts } from "@/app/admin/decisions/trace-facts";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import type { Judgement } from "@/lib/decisions/judge";
import type { Simulation } from "@/lib/decisions/simulate";

const REJECTIONS: Record<Extract<Simulation, { outcome: "rejected" }>["reason"], string> = {
  "unknown-subject": "There is nobody like this in your organization.",
  "inactive-subject": "They cannot sign in, and so may do nothing.",
  "unknown-permission": "There is no such permission.",
  "unknown-record":
    "There is no such record in your organization, or none can be named of what this permission is about.",
};

const WANTS = {
  person: "This takes the person, signed in in a browser: no token can do it.",
  user: "This is about a user, and a service account is none.",
  "second-factor": "This takes a second factor, which the token was made without.",
};

function describeJudgement(judgement: Judgement): {
  title: string;
  text: string;
  allowed: boolean;
} {
  switch (judgement.outcome) {
    case "allowed":
      return { title: "Allowed", text: "They may do this.", allowed: true };
    case "denied":
      return { title: "Denied", text: REASONS[judgement.reason], allowed: false };
    case "token-insufficient":
      return { title: "Denied", text: WANTS[judgement.wants], allowed: false };
    case "proof-needed": {
      const { acr, maxAge } = judgement.requirement;
      const proofs = [
        ...(acr === undefined ? [] : [acr]),
        ...(maxAge === undefined ? [] : [`not older than ${Math.ceil(maxAge / 60)} minutes`]),
      ];
      return {
        title: "Asked for a proof first",
        text: `They may do this once they have proven who they are: ${proofs.join(", ")}.`,
        allowed: false,
      };
    }
  }
}

export function SimulationResult({ result }: { result: Simulation }) {
  if (result.outcome === "rejected") {
    return (
      <Callout tone="warning" role="status" title="No answer">
        <p>{REJECTIONS[result.reason]}</p>
      </Callout>
    );
  }
  const { title, text, allowed } = describeJudgement(result.judgement);
  return (
    <>
      <Callout tone={allowed ? "success" : "danger"} role="status" title={title}>
        <p>{text}</p>
      </Callout>
      <Section title="What it would be decided from">
        <TraceFacts trace={result.trace} />
      </Section>
      <Section title="What would be looked at" flush>
        <RuleList trace={result.trace} />
      </Section>
    </>
  );
}
