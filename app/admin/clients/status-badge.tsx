import { Badge } from "@/components/ui/badge";

export function StatusBadge({ disabled }: { disabled: boolean }) {
  return (
    <Badge tone={disabled ? "neutral" : "success"} dot>
      {disabled ? "Disabled" : "Active"}
    </Badge>
  );
}
