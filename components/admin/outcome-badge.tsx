import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";

const TONES = { success: "success", failure: "warning", denied: "danger" } as const;

/** How an event ended. */
export function OutcomeBadge({ outcome }: { outcome: keyof typeof TONES }) {
  const t = useTranslations("account.outcomes");
  return (
    <Badge tone={TONES[outcome]} dot>
      {t(outcome)}
    </Badge>
  );
}
