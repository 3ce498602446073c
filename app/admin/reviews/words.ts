import "server-only";
import type { Tone } from "@/components/ui/badge";
import type {
  ItemListing,
  ReviewScope,
  ReviewState,
} from "@/lib/access-reviews/access-review.schema";
import type { Translator } from "@/lib/platform/locale/translator";

export const STATE_TONES: Record<ReviewState, Tone> = {
  open: "info",
  closing: "warning",
  closed: "success",
  cancelled: "neutral",
};

type ItemStatus = NonNullable<ItemListing["status"]>;

export const STATUS_TONES: Record<ItemStatus, Tone> = {
  open: "warning",
  keep: "info",
  kept: "success",
  revoked: "danger",
  "revoked-unanswered": "danger",
  gone: "neutral",
  "kept-last-administrator": "warning",
};

/** What a review asks about, in words. */
export function describeScope(
  t: Translator<"admin-reviews.scope">,
  { grants, roleIds, userIds, teams, services }: ReviewScope,
): string {
  const whose = {
    all: () => t("all"),
    roles: () => t("roles", { count: roleIds.length }),
    people: () => t("people", { count: userIds.length }),
  }[grants]();
  if (teams) return t(services ? "withBoth" : "withTeams", { whose });
  return services ? t("withServices", { whose }) : whose;
}
