import { useTranslations } from "#translations";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { ShadowCountRow } from "@/lib/policies/list-policies";

/** How many decisions of a day a version in shadow would have changed. */
export function ShadowCounts({ counts }: { counts: readonly ShadowCountRow[] }) {
  const t = useTranslations("admin-policies.counts");
  return (
    <Table caption={t("caption")} framed={false}>
      <TableHead>
        <ColumnHeader>{t("day")}</ColumnHeader>
        <ColumnHeader>{t("version")}</ColumnHeader>
        <ColumnHeader>{t("permission")}</ColumnHeader>
        <ColumnHeader align="end">{t("deny")}</ColumnHeader>
        <ColumnHeader align="end">{t("allow")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {counts.map(({ number, day, permissionKey, wouldAllow, wouldDeny }) => {
          const date = day.toISOString().slice(0, 10);
          return (
            <TableRow key={`${date} ${number} ${permissionKey}`}>
              <RowHeader>{date}</RowHeader>
              <Cell>{number}</Cell>
              <Cell className="font-mono text-xs">{permissionKey}</Cell>
              <Cell align="end">{wouldDeny}</Cell>
              <Cell align="end">{wouldAllow}</Cell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
