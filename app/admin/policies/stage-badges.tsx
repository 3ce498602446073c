import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import type { PolicyRow } from "@/lib/policies/list-policies";

/** Whether a policy is in force or in shadow, and with which version. */
export function StageBadges({
  policy: { activeNumber, shadowNumber },
}: {
  policy: Pick<PolicyRow, "activeNumber" | "shadowNumber">;
}) {
  const t = useTranslations("admin-policies.stages");
  return (
    <>
      {activeNumber !== null && (
        <Badge tone="success" dot>
          {t("active", { number: activeNumber })}
        </Badge>
      )}
      {shadowNumber !== null && (
        <Badge tone="info" dot>
          {t("shadow", { number: shadowNumber })}
        </Badge>
      )}
      {activeNumber === null && shadowNumber === null && <Badge>{t("none")}</Badge>}
    </>
  );
}
