import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function PolicyFlash() {
  const flash = await readFlash();
  switch (flash?.event) {
    case "policy.created":
      return (
        <FlashToast
          message={`${flash.label} is written. It is not in force yet.`}
          clearCookie={FLASH_COOKIE}
        />
      );
    case "policy.deleted":
      return <FlashToast message={`${flash.label} is deleted.`} clearCookie={FLASH_COOKIE} />;
    default:
      return null;
  }
}
