import { StatusBadge } from "@/components/invoices/status-badge";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  SortHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { InvoiceSort, InvoiceStatus } from "@/lib/invoices/invoice.schema";

export interface InvoiceRow {
  id: string;
  href: string;
  number: string;
  customer: string;
  /** With its currency, as people read it. */
  money: string;
  status: InvoiceStatus;
  createdAt: Date;
}

type SortPair = readonly [ascending: InvoiceSort, descending: InvoiceSort];
const CUSTOMER: SortPair = ["customer", "-customer"];
const AMOUNT: SortPair = ["amount", "-amount"];
const CREATED: SortPair = ["oldest", "newest"];

/** Without `sort` and `sortHref` the columns cannot be sorted, as on the dashboard. */
export function InvoiceTable({
  caption,
  rows,
  framed,
  sorting,
}: {
  caption: string;
  rows: readonly InvoiceRow[];
  framed?: boolean;
  sorting?: { current: InvoiceSort; hrefOf: (sort: InvoiceSort) => string };
}) {
  const header = (label: string, pair: SortPair, align?: "end", first = pair[0]) => {
    if (!sorting) return <ColumnHeader align={align}>{label}</ColumnHeader>;
    const { current, hrefOf } = sorting;
    const [ascending, descending] = pair;
    const other = current === ascending ? descending : ascending;
    const sorted = { [ascending]: "ascending", [descending]: "descending" } as const;
    return (
      <SortHeader
        align={align}
        sorted={sorted[current]}
        href={hrefOf(pair.includes(current) ? other : first)}
      >
        {label}
      </SortHeader>
    );
  };
  return (
    <Table caption={caption} framed={framed}>
      <TableHead>
        <ColumnHeader narrow>Number</ColumnHeader>
        {header("Customer", CUSTOMER)}
        <ColumnHeader narrow>Status</ColumnHeader>
        {header("Amount", AMOUNT, "end", "-amount")}
        {header("Created", CREATED, undefined, "newest")}
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <RowHeader className="whitespace-nowrap">
              <Link href={row.href} className="rounded-sm hover:underline">
                {row.number}
              </Link>
            </RowHeader>
            <Cell className="min-w-48 max-w-72 truncate" title={row.customer}>
              {row.customer}
            </Cell>
            <Cell narrow>
              <StatusBadge status={row.status} />
            </Cell>
            <Cell align="end" narrow>
              {row.money}
            </Cell>
            <Cell narrow className="text-ink-soft">
              <RelativeTime value={row.createdAt} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
