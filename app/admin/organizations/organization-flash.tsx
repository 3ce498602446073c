import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function OrganizationFlash() {
  const flash = await readFlash();
  switch (flash?.event) {
    case "organization.created":
      return <FlashToast message={`${flash.label} is created.`} clearCookie={FLASH_COOKIE} />;
    case "organization.deleted":
      return <FlashToast message={`${flash.label} is deleted.`} clearCookie={FLASH_COOKIE} />;
    default:
      return null;
  }
}
