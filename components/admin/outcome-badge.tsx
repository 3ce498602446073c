import { Badge } from "@/components/ui/badge";

const TONES = { success: "success", failure: "warning", denied: "danger" } as const;

/** How an event ended. */
export function OutcomeBadge({ outcome }: { outcome: keyof typeof TONES }) {
  return (
    <Badge tone={TONES[outcome]} dot>
      {outcome}
    </Badge>
  );
}
