import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

const SAID = { "client.created": "created", "client.deleted": "deleted" } as const;
type Said = keyof typeof SAID;

/** Says what a server action has done before it led here. */
export async function ClientFlash() {
  const flash = await readFlash();
  if (!flash || !Object.hasOwn(SAID, flash.event)) return null;
  const t = await getTranslations("admin-clients.said");
  const message = t(SAID[flash.event as Said], { name: flash.label });
  return <FlashToast message={message} clearCookie={FLASH_COOKIE} />;
}
