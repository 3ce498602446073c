import { useTranslations } from "#translations";
import { STATUS_TONES } from "@/components/invoices/invoice-status";
import { Badge } from "@/components/ui/badge";
import type { InvoiceStatus } from "@/lib/invoices/invoice.schema";

export function StatusBadge({ status }: { status: InvoiceStatus }) {
  const t = useTranslations("product.invoices.statuses");
  return (
    <Badge tone={STATUS_TONES[status]} dot>
      {t(status)}
    </Badge>
  );
}
