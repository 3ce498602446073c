import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function RoleFlash() {
  const flash = await readFlash();
  const t = await getTranslations("admin-roles");
  switch (flash?.event) {
    case "role.created":
      return (
        <FlashToast message={t("created", { name: flash.label })} clearCookie={FLASH_COOKIE} />
      );
    case "role.deleted":
      return (
        <FlashToast message={t("deleted", { name: flash.label })} clearCookie={FLASH_COOKIE} />
      );
    default:
      return null;
  }
}
