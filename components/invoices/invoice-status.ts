import type { Tone } from "@/components/ui/badge";
import type { InvoiceStatus } from "@/lib/invoices/invoice.schema";

export const STATUS_LABELS: Record<InvoiceStatus, string> = {
  draft: "Draft",
  sent: "Sent",
  paid: "Paid",
  void: "Void",
};

export const STATUS_TONES: Record<InvoiceStatus, Tone> = {
  draft: "neutral",
  sent: "info",
  paid: "success",
  void: "warning",
};

export const STATUS_OPTIONS = Object.entries(STATUS_LABELS).map(([value, label]) => ({
  value,
  label,
}));
