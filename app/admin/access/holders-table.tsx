import { useTranslations } from "#translations";
import { describeSource, useDecisionTranslator } from "@/app/_shell/decision-words";
import { userAccessPath } from "@/app/admin/access/address";
import { ExtentBadge, ReachBadge } from "@/components/admin/access-badges";
import { Link } from "@/components/ui/link";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { Holder } from "@/lib/decisions/list-holders";

/** Who may do it, how far it reaches, and what gives it. */
export function HoldersTable({
  holders,
  record,
}: {
  holders: Holder[];
  record: { id: string; label: string } | null;
}) {
  const t = useTranslations("admin-access");
  const words = useDecisionTranslator();
  return (
    <Table caption={record === null ? t("caption") : t("captionOf", { record: record.label })}>
      <TableHead>
        <ColumnHeader>{t("person")}</ColumnHeader>
        <ColumnHeader narrow>{t("when")}</ColumnHeader>
        {record === null && <ColumnHeader narrow>{t("records")}</ColumnHeader>}
        <ColumnHeader>{t("by")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {holders.map(({ subject, name, extent, reach, by }) => (
          <TableRow key={subject.id}>
            <RowHeader className="max-w-60">
              {subject.type === "user" ? (
                <Link
                  href={userAccessPath(subject.id)}
                  className="rounded-sm [overflow-wrap:anywhere] hover:underline"
                >
                  {subject.label}
                </Link>
              ) : (
                <span className="[overflow-wrap:anywhere]">{subject.label}</span>
              )}
              {subject.type === "user" && name !== null && (
                <span className="block truncate font-normal text-ink-soft text-xs">{name}</span>
              )}
            </RowHeader>
            <Cell narrow>
              <ExtentBadge extent={extent} />
            </Cell>
            {record === null && (
              <Cell narrow>
                <ReachBadge reach={reach} />
              </Cell>
            )}
            <Cell className="min-w-40 text-ink-soft [overflow-wrap:anywhere]">
              {[...new Set(by.map((source) => describeSource(words, source, null)))].join(", ")}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
