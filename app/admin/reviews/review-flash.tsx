import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function ReviewFlash() {
  const flash = await readFlash();
  return flash?.event === "review.started" ? (
    <FlashToast
      message={(await getTranslations("admin-reviews"))("begun", { name: flash.label })}
      clearCookie={FLASH_COOKIE}
    />
  ) : null;
}
