import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { FlashToast } from "@/components/ui/flash-toast";

const MESSAGES: Record<string, string> = {
  "client.created": "is registered.",
  "client.deleted": "is deleted, and everything that it held has ended.",
};

/** Says what a server action has done before it led here. */
export async function ClientFlash() {
  const flash = await readFlash();
  const message = flash && MESSAGES[flash.event];
  return message ? (
    <FlashToast message={`${flash.label} ${message}`} clearCookie={FLASH_COOKIE} />
  ) : null;
}
