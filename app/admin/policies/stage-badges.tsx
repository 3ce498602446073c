import { Badge } from "@/components/ui/badge";
import type { PolicyRow } from "@/lib/policies/list-policies";

/** Whether a policy is in force or in shadow, and with which version. */
export function StageBadges({
  policy: { activeNumber, shadowNumber },
}: {
  policy: Pick<PolicyRow, "activeNumber" | "shadowNumber">;
}) {
  return (
    <>
      {activeNumber !== null && (
        <Badge tone="success" dot>
          In force: version {activeNumber}
        </Badge>
      )}
      {shadowNumber !== null && (
        <Badge tone="info" dot>
          In shadow: version {shadowNumber}
        </Badge>
      )}
      {activeNumber === null && shadowNumber === null && <Badge>Not in force</Badge>}
    </>
  );
}
