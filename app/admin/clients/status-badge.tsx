import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";

export function StatusBadge({ disabled }: { disabled: boolean }) {
  const t = useTranslations("admin-clients.status");
  return (
    <Badge tone={disabled ? "neutral" : "success"} dot>
      {t(disabled ? "disabled" : "active")}
    </Badge>
  );
}
