import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function PolicyFlash() {
  const flash = await readFlash();
  const t = await getTranslations("admin-policies");
  switch (flash?.event) {
    case "policy.created":
      return (
        <FlashToast message={t("created", { name: flash.label })} clearCookie={FLASH_COOKIE} />
      );
    case "policy.deleted":
      return (
        <FlashToast message={t("deleted", { name: flash.label })} clearCookie={FLASH_COOKIE} />
      );
    default:
      return null;
  }
}
