import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { restoreInvoiceAction } from "@/app/(product)/invoices/actions";
import { FlashToast } from "@/components/ui/flash-toast";

/** Says what a server action has done before it led here. */
export async function InvoiceFlash() {
  const flash = await readFlash();
  const caller = flash && (await findCaller());
  if (!flash || !caller) return null;
  const t = await getTranslations("product.invoices");
  const number = flash.label;
  switch (flash.event) {
    case "invoice.created":
      return <FlashToast message={t("isCreated", { number })} clearCookie={FLASH_COOKIE} />;
    case "invoice.restored":
      return <FlashToast message={t("isBack", { number })} clearCookie={FLASH_COOKIE} />;
    case "invoice.deleted":
      return (
        <FlashToast
          message={t("isDeleted", { number })}
          undo={{ action: restoreInvoiceAction.bind(null, flash.id, drawnFor(caller.principal)) }}
          clearCookie={FLASH_COOKIE}
        />
      );
    default:
      return null;
  }
}
