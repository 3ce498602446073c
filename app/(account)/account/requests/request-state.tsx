import { useTranslations } from "#translations";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge, type Tone } from "@/components/ui/badge";
import type { AccessRequest } from "@/lib/access-requests/list-requests";

type Shown = Pick<AccessRequest, "state" | "inForceUntil" | "kind" | "endedAt">;

const TONES: Record<AccessRequest["state"], Tone> = {
  pending: "info",
  approved: "neutral",
  denied: "danger",
  withdrawn: "neutral",
  expired: "neutral",
};

/** For sentences of the catalogue, where the end of a role stands in `<end>`. */
export const endAt = (value: Date | string) => ({ end: () => <AbsoluteTime value={value} /> });

/** How far a request has come. */
export function RequestState({ state, inForceUntil, endedAt }: Shown) {
  const t = useTranslations("account-requests.states");
  if (inForceUntil !== null) return <Badge tone="success">{t("inForce")}</Badge>;
  if (endedAt !== null) return <Badge>{t("endedEarly")}</Badge>;
  return <Badge tone={TONES[state]}>{t(state)}</Badge>;
}
