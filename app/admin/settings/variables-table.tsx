import { useTranslations } from "#translations";
import { type SettingWords, VARIABLES } from "@/app/admin/settings/variable-words";
import { Badge } from "@/components/ui/badge";
import { Code } from "@/components/ui/code";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { ValueSource } from "@/lib/platform/list-variables";
import type { Setting } from "@/lib/settings/describe-settings";

const sourceOf = (source: ValueSource, t: SettingWords): string =>
  source === "env-file" ? ".env.local" : t(`sources.${source}`);

export function VariablesTable({ caption, settings }: { caption: string; settings: Setting[] }) {
  const t = useTranslations("admin-settings");
  return (
    <Table caption={caption} framed={false}>
      <TableHead>
        <ColumnHeader>{t("columns.variable")}</ColumnHeader>
        <ColumnHeader>{t("columns.value")}</ColumnHeader>
        <ColumnHeader narrow>{t("columns.from")}</ColumnHeader>
        <ColumnHeader>{t("columns.meaning")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {settings.map((setting) => (
          <TableRow key={setting.name}>
            <RowHeader className="font-mono text-xs max-md:[overflow-wrap:anywhere] md:w-64 md:whitespace-nowrap">
              {setting.name}
            </RowHeader>
            <Cell className="min-w-40 max-w-64 [overflow-wrap:anywhere] md:w-64">
              <Value setting={setting} />
            </Cell>
            <Cell narrow>
              <Badge tone={setting.source === "default" ? "neutral" : "accent"}>
                {sourceOf(setting.source, t)}
              </Badge>
            </Cell>
            <Cell className="min-w-64 text-ink-soft">
              <p>{t(`variables.${setting.name}`)}</p>
              <Form setting={setting} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Value({ setting: { name, value } }: { setting: Setting }) {
  const t = useTranslations("admin-settings");
  if (value === null) {
    const { without } = VARIABLES[name];
    return (
      <span className="text-ink-soft">
        {without === undefined ? t("notSet") : t(`without.${without}`)}
      </span>
    );
  }
  return value.kind === "secret" ? <Badge>{t("set")}</Badge> : <Code>{value.text}</Code>;
}

/** What a value has to be. */
function Form({ setting: { name, choices, minimum, maximum } }: { setting: Setting }) {
  const t = useTranslations("admin-settings");
  const key = VARIABLES[name].unit;
  const unit = key === undefined ? null : t(`units.${key}`);
  let form = unit;
  if (choices !== null) {
    form = choices.join(", ");
  } else if (minimum !== null && maximum !== null) {
    const bounds = { minimum: String(minimum), maximum: String(maximum) };
    form = unit === null ? t("between", bounds) : t("betweenUnits", { ...bounds, unit });
  }
  return form === null ? null : <p className="text-ink-faint text-xs">{form}</p>;
}
