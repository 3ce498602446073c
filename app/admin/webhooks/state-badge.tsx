import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import type { Webhook } from "@/lib/webhooks/manage-endpoints";

export function StateBadge({ webhook: { enabled, failingSince } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.states");
  if (!enabled) return <Badge>{t("off")}</Badge>;
  return failingSince === null ? (
    <Badge tone="success" dot>
      {t("on")}
    </Badge>
  ) : (
    <Badge tone="warning" dot>
      {t("failing")}
    </Badge>
  );
}
