import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { restoreInvoiceAction } from "@/app/(product)/invoices/actions";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function InvoiceFlash() {
  const flash = await readFlash();
  const caller = flash && (await findCaller());
  if (!flash || !caller) return null;
  switch (flash.event) {
    case "invoice.created":
      return <FlashToast message={`${flash.label} is created.`} clearCookie={FLASH_COOKIE} />;
    case "invoice.restored":
      return <FlashToast message={`${flash.label} is back.`} clearCookie={FLASH_COOKIE} />;
    case "invoice.deleted":
      return (
        <FlashToast
          message={`${flash.label} is deleted.`}
          undo={{ action: restoreInvoiceAction.bind(null, flash.id, drawnFor(caller.principal)) }}
          clearCookie={FLASH_COOKIE}
        />
      );
    default:
      return null;
  }
}
