import { useTranslations } from "#translations";
import { Callout } from "@/components/ui/callout";
import { type RiskReason, riskOf } from "@/lib/authn/risk";

/** Says why more is asked for than usual (F121). */
export function RiskNotice({ reasons }: { reasons: readonly RiskReason[] }) {
  const t = useTranslations("auth.challenge.risk");
  if (reasons.length === 0) return null;
  return (
    <Callout tone="warning" title={t("title")}>
      <ul className="list-disc ps-4">
        {reasons.map((reason) => (
          <li key={reason}>{t(reason)}</li>
        ))}
      </ul>
      {riskOf(reasons) === "high" && <p>{t("noTrust")}</p>}
    </Callout>
  );
}
