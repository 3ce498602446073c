import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function ReviewFlash() {
  const flash = await readFlash();
  return flash?.event === "review.started" ? (
    <FlashToast
      message={`${flash.label} has begun, and its reviewers are written to.`}
      clearCookie={FLASH_COOKIE}
    />
  ) : null;
}
