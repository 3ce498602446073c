import type { Tone } from "@/components/ui/badge";
import type { InvoiceStatus } from "@/lib/invoices/invoice.schema";

export const STATUS_TONES: Record<InvoiceStatus, Tone> = {
  draft: "neutral",
  sent: "info",
  paid: "success",
  void: "warning",
};
