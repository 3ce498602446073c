import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { FlashToast } from "@/components/ui/flash-toast";

const MESSAGES: Record<string, string> = {
  "user.created": "is created and can sign in.",
  "user.invited": "is invited by mail.",
  "user.deleted": "is deleted.",
};

/** Says what a server action has done before it led here. */
export async function UserFlash() {
  const flash = await readFlash();
  const message = flash && MESSAGES[flash.event];
  return message ? (
    <FlashToast message={`${flash.label} ${message}`} clearCookie={FLASH_COOKIE} />
  ) : null;
}
