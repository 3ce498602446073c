import { getTranslations } from "@/app/_locale/translations";
import { coverageHref } from "@/app/admin/coverage/address";
import type { Surface, SurfaceKind } from "@/app/admin/coverage/surfaces";
import { getAreaWords } from "@/app/admin/coverage/words";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";

/** What there is at all, by what it is about: the whole list at once is one that nobody reads. */
export async function AreaTable({ areas }: { areas: [area: string, surfaces: Surface[]][] }) {
  const t = await getTranslations("admin-coverage");
  const titleOf = await getAreaWords();
  return (
    <Table caption={t("table.areas")}>
      <TableHead>
        <ColumnHeader>{t("filter.area")}</ColumnHeader>
        <ColumnHeader align="end">{t("table.pages")}</ColumnHeader>
        <ColumnHeader align="end">{t("table.actions")}</ColumnHeader>
        <ColumnHeader align="end">{t("table.endpoints")}</ColumnHeader>
        <ColumnHeader align="end">{t("public")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {areas.map(([area, surfaces]) => (
          <TableRow key={area}>
            <RowHeader>
              <TextLink href={coverageHref({ area })}>{titleOf(area)}</TextLink>
            </RowHeader>
            <Cell align="end">{countOf(surfaces, "page")}</Cell>
            <Cell align="end">{countOf(surfaces, "action")}</Cell>
            <Cell align="end">{countOf(surfaces, "endpoint") + countOf(surfaces, "handler")}</Cell>
            <Cell align="end">{surfaces.filter(({ needs }) => needs === "anonymous").length}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const countOf = (surfaces: Surface[], kind: SurfaceKind): number =>
  surfaces.filter((surface) => surface.kind === kind).length;
