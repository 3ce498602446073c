import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { FlashToast } from "@/components/ui/flash-toast";

const EVENTS = ["created", "invited", "deleted"] as const;

/** Says what a server action has done before it led here. */
export async function UserFlash() {
  const flash = await readFlash();
  const event = EVENTS.find((name) => flash?.event === `user.${name}`);
  if (flash === null || event === undefined) return null;
  const t = await getTranslations("admin-users.flash");
  return <FlashToast message={t(event, { name: flash.label })} clearCookie={FLASH_COOKIE} />;
}
