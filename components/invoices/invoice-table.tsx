import { useTranslations } from "#translations";
import { StatusBadge } from "@/components/invoices/status-badge";
import { cn } from "@/components/ui/cn";
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

type HeaderLook = { align?: "end"; className?: string };
/** On a phone the customer stands below the number, so that status and amount fit beside it. */
const WIDE_ONLY = "max-sm:hidden";

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
  const t = useTranslations("product.invoices");
  const header = (label: string, pair: SortPair, look: HeaderLook = {}, first = pair[0]) => {
    if (!sorting) return <ColumnHeader {...look}>{label}</ColumnHeader>;
    const { current, hrefOf } = sorting;
    const [ascending, descending] = pair;
    const other = current === ascending ? descending : ascending;
    const sorted = { [ascending]: "ascending", [descending]: "descending" } as const;
    return (
      <SortHeader
        {...look}
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
        <ColumnHeader narrow>{t("number")}</ColumnHeader>
        {header(t("customer"), CUSTOMER, { className: WIDE_ONLY })}
        <ColumnHeader narrow>{t("status")}</ColumnHeader>
        {header(t("amount"), AMOUNT, { align: "end" }, "-amount")}
        {header(t("created"), CREATED, {}, "newest")}
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <RowHeader className="whitespace-nowrap">
              <Link href={row.href} className="rounded-sm hover:underline">
                {row.number}
              </Link>
              <span className="block max-w-28 truncate font-normal text-ink-soft text-xs sm:hidden">
                {row.customer}
              </span>
            </RowHeader>
            <Cell className={cn("min-w-48 max-w-72 truncate", WIDE_ONLY)} title={row.customer}>
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
