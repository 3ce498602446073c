import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const REVIEW_PERMISSIONS = definePermissions({
  answer: {
    key: "answer_reviews",
    resourceType: "AccessReview",
    description: "Answer in access reviews what one is asked.",
    administrative: true,
  },
  manage: {
    key: "manage_reviews",
    resourceType: "AccessReview",
    description:
      "Have grants reviewed, up to one's own permissions: what nobody confirms is taken away.",
    administrative: true,
    sensitive: true,
  },
});
