import { STATUS_LABELS, STATUS_TONES } from "@/components/invoices/invoice-status";
import { Badge } from "@/components/ui/badge";
import type { InvoiceStatus } from "@/lib/invoices/invoice.schema";

export function StatusBadge({ status }: { status: InvoiceStatus }) {
  return (
    <Badge tone={STATUS_TONES[status]} dot>
      {STATUS_LABELS[status]}
    </Badge>
  );
}
