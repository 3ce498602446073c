import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { CODED } from "@/components/ui/code";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { EncryptionKeyDescription } from "@/lib/keys/describe-keys";

const TONES = { first: "success", further: "neutral", missing: "danger" } as const;

/** Which keys of the configuration have encrypted how much, and how far re-encryption is. */
export function EncryptionSection({ keys }: { keys: EncryptionKeyDescription[] }) {
  const t = useTranslations("admin-keys.encryption");
  return (
    <Section title={t("title")} description={t.rich("text", CODED)}>
      <div className="space-y-5">
        <Progress keys={keys} />
        <Table caption={t("title")}>
          <TableHead>
            <ColumnHeader>{t("key")}</ColumnHeader>
            <ColumnHeader narrow>{t("state")}</ColumnHeader>
            <ColumnHeader align="end">{t("values")}</ColumnHeader>
          </TableHead>
          <TableBody>
            {keys.map(({ name, state, values }) => (
              <TableRow key={name}>
                <RowHeader className="font-mono text-xs">{name}</RowHeader>
                <Cell narrow>
                  <Badge tone={TONES[state]}>{t(`states.${state}`)}</Badge>
                </Cell>
                <Cell align="end" narrow>
                  {values}
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Section>
  );
}

function Progress({ keys }: { keys: EncryptionKeyDescription[] }) {
  const t = useTranslations("admin-keys.encryption");
  const valuesOf = (wanted: EncryptionKeyDescription["state"]) =>
    keys.filter(({ state }) => state === wanted).reduce((sum, { values }) => sum + values, 0);
  const [missing, waiting] = [valuesOf("missing"), valuesOf("further")];
  if (missing > 0) {
    return (
      <Callout tone="danger" title={t("cannotBeOpened", { count: missing })}>
        <p>{t("cannotBeOpenedText")}</p>
      </Callout>
    );
  }
  if (waiting > 0) {
    return (
      <Callout tone="info" title={t("former", { count: waiting })}>
        <p>{t.rich("formerText", CODED)}</p>
      </Callout>
    );
  }
  return <p className="text-ink-soft text-sm">{t(keys.length > 1 ? "doneFurther" : "done")}</p>;
}
