import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal } from "@/app/admin/refusals";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import type { Queueing } from "@/lib/webhooks/deliveries";
import type { WebhookRefusal } from "@/lib/webhooks/manage-endpoints";

/** Why nothing was changed or sent, in words. */
export async function refusalState(
  refusal: WebhookRefusal | Exclude<Queueing, { outcome: "queued" }>,
  gone: "gone" | "messageGone" = "gone",
): Promise<FormState> {
  const t = await getTranslations("admin-webhooks.refusals");
  if (refusal.outcome === "not-found") return formError(t(gone));
  switch (refusal.reason) {
    case "unreachable-address":
      return fieldError("url", t("unreachable-address"));
    case "too-many-webhooks":
    case "switched-off":
      return formError(t(refusal.reason));
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
