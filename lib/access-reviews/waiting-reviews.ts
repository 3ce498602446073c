import "server-only";
import { countWaitingByReviewer } from "@/lib/access-reviews/item-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import type { AskedKind } from "@/lib/authz/impact/waiting";

/** What open reviews ask somebody, for the preview of a change after which they could not answer. */
export const WAITING_REVIEWS: AskedKind = {
  key: "access-reviews",
  answeredBy: REVIEW_PERMISSIONS.answer,
  list: countWaitingByReviewer,
};
