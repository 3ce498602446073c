import { useTranslations } from "#translations";
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
import type { GatewayRule } from "@/lib/gateway/gateway-rule.schema";

/** Rules with what each asks for, in the order in which they are asked. */
export function RulesTable({ rules }: { rules: readonly GatewayRule[] }) {
  const t = useTranslations("gateway.page");
  return (
    <Table caption={t("rules")}>
      <TableHead>
        <ColumnHeader>{t("rule")}</ColumnHeader>
        <ColumnHeader>{t("requests")}</ColumnHeader>
        <ColumnHeader>{t("methods")}</ColumnHeader>
        <ColumnHeader>{t("audience")}</ColumnHeader>
        <ColumnHeader>{t("asks")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {rules.map((rule) => (
          <TableRow key={rule.name}>
            <RowHeader>{rule.name}</RowHeader>
            <Cell>
              <Code>{`${rule.host}${rule.path}`}</Code>
            </Cell>
            <Cell>{rule.methods?.join(" ") ?? t("allMethods")}</Cell>
            <Cell>
              <Code>{rule.audience}</Code>
            </Cell>
            <Cell>
              <Demands rule={rule} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Demands({ rule }: { rule: GatewayRule }) {
  const t = useTranslations("gateway.page");
  const { access, scope, acr, maxAge, services, impersonated, passAuthorization, rateLimit } = rule;
  const demands = [
    access === "anonymous"
      ? t("nobody")
      : access === "signed-in"
        ? t("anybody")
        : t("permission", { key: access.permission }),
    ...(scope === undefined ? [] : [t("scope", { scope })]),
    ...(acr === undefined ? [] : [t("level", { level: acr.slice(-1) })]),
    ...(maxAge === undefined ? [] : [t("maxAge", { count: maxAge })]),
    ...(services ? [t("services")] : []),
    ...(impersonated ? [t("impersonated")] : []),
    ...(passAuthorization ? [t("passed")] : []),
    ...(rateLimit === undefined
      ? []
      : [t("limit", { count: rateLimit.requests, seconds: rateLimit.seconds })]),
  ];
  return (
    <ul className="space-y-1 py-2">
      {demands.map((demand) => (
        <li key={demand}>{demand}</li>
      ))}
    </ul>
  );
}
