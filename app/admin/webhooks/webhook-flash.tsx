import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says that a webhook was removed before it led here. */
export async function WebhookFlash() {
  const flash = await readFlash();
  if (flash?.event !== "webhook.removed") return null;
  const t = await getTranslations("admin-webhooks.list");
  return <FlashToast message={t("removed", { name: flash.label })} clearCookie={FLASH_COOKIE} />;
}
