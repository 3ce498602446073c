import { Badge, type Tone } from "@/components/ui/badge";
import type { AccessRequest } from "@/lib/access-requests/list-requests";

type Shown = Pick<AccessRequest, "state" | "inForceUntil" | "kind" | "endedAt">;

const STATES: Record<AccessRequest["state"], [tone: Tone, words: string]> = {
  pending: ["info", "Waits for an answer"],
  approved: ["neutral", "Over"],
  denied: ["danger", "Denied"],
  withdrawn: ["neutral", "Withdrawn"],
  expired: ["neutral", "Nobody answered"],
};

/** How far a request has come. */
export function RequestState({ state, inForceUntil, endedAt }: Shown) {
  if (inForceUntil !== null) return <Badge tone="success">In force</Badge>;
  if (endedAt !== null) return <Badge>Ended early</Badge>;
  const [tone, words] = STATES[state];
  return <Badge tone={tone}>{words}</Badge>;
}
