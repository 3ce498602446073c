import { Callout } from "@/components/ui/callout";
import { type RiskReason, riskOf } from "@/lib/authn/risk";

const REASONS: Record<RiskReason, string> = {
  "new-device": "This browser has not signed you in before.",
  "new-network": "You have not signed in from this network before.",
  "many-failures": "There were many wrong attempts on your account lately.",
};

/** Says why more is asked for than usual (F121). */
export function RiskNotice({ reasons }: { reasons: readonly RiskReason[] }) {
  if (reasons.length === 0) return null;
  return (
    <Callout tone="warning" title="This sign-in is unusual, so that we ask for more">
      <ul className="list-disc pl-4">
        {reasons.map((reason) => (
          <li key={reason}>{REASONS[reason]}</li>
        ))}
      </ul>
      {riskOf(reasons) === "high" && <p>This browser cannot be trusted this time.</p>}
    </Callout>
  );
}
