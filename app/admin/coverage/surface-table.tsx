import { useTranslations } from "#translations";
import type { Surface } from "@/app/admin/coverage/surfaces";
import { Badge } from "@/components/ui/badge";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";

export function SurfaceTable({ caption, surfaces }: { caption: string; surfaces: Surface[] }) {
  const t = useTranslations("admin-coverage");
  return (
    <Table caption={caption} framed={false}>
      <TableHead>
        <ColumnHeader>{t("table.what")}</ColumnHeader>
        <ColumnHeader className="w-28">{t("filter.kind")}</ColumnHeader>
        <ColumnHeader className="w-64">{t("table.takes")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {surfaces.map(({ kind, name, needs }) => (
          <TableRow key={`${kind} ${name}`}>
            <RowHeader className="font-mono font-normal text-xs [overflow-wrap:anywhere]">
              {name}
            </RowHeader>
            <Cell className="text-ink-soft">{t(`kinds.${kind}`)}</Cell>
            <Cell>
              <Needs needs={needs} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Needs({ needs }: Pick<Surface, "needs">) {
  const t = useTranslations("admin-coverage");
  if (needs === "anonymous") return <Badge tone="warning">{t("public")}</Badge>;
  if (needs === "signed-in") return <Badge>{t("needs.signed-in")}</Badge>;
  return <span className="font-mono text-xs">{needs}</span>;
}
