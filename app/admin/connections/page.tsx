import { Plus } from "lucide-react";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations, titled } from "@/app/_locale/translations";
import { connectionPath, LIST_PATH } from "@/app/admin/connections/address";
import { presetName } from "@/app/admin/connections/presets";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { can } from "@/lib/authz/decide";
import { areOffered } from "@/lib/federation/connections";
import { listEnvironmentProviders } from "@/lib/federation/environment-providers";
import { type Connection, listConnections } from "@/lib/federation/manage-connections";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { formatLocale } from "@/lib/shared/locale";

export const generateMetadata = titled("admin-connections");

export default async function ConnectionsPage() {
  const caller = await requirePermission(LIST_PATH, CONNECTION_PERMISSIONS.view);
  const connections = await answerDenials(() => listConnections(caller));
  const ofEnvironment = listEnvironmentProviders().map(({ name }) => name);
  const offered = await areOffered(caller);
  const t = await getTranslations("admin-connections");
  const { locale } = await requestLanguage();
  const listOf = new Intl.ListFormat(formatLocale(locale), { type: "conjunction" });
  const newConnection = (await can(caller, CONNECTION_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      {t("new.title")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={connections.length > 0 && newConnection}
      />
      {!offered && (
        <Callout title={t("list.notOffered")} className="mb-6">
          <p>{t("list.notOfferedText")}</p>
        </Callout>
      )}
      {connections.length === 0 ? (
        <Card>
          <EmptyState
            title={t("list.none")}
            description={t("list.noneText")}
            action={newConnection}
          />
        </Card>
      ) : (
        <ConnectionTable connections={connections} />
      )}
      {ofEnvironment.length > 0 && (
        <p className="mt-4 text-ink-soft text-sm">
          {t("list.ofEnvironment", {
            count: ofEnvironment.length,
            names: listOf.format(ofEnvironment),
          })}
        </p>
      )}
    </>
  );
}

function ConnectionTable({ connections }: { connections: Connection[] }) {
  const t = useTranslations("admin-connections");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("list.name")}</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">{t("list.issuer")}</ColumnHeader>
        <ColumnHeader>{t("list.state")}</ColumnHeader>
        <ColumnHeader align="end">{t("list.people")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {connections.map(({ id, name, preset, issuer, enabled, identities }) => (
          <TableRow key={id}>
            <RowHeader className="max-w-60">
              <Link
                href={connectionPath(id)}
                className="rounded-sm [overflow-wrap:anywhere] hover:underline"
              >
                {name}
              </Link>
              <span className="block truncate font-normal text-ink-soft text-xs">
                {presetName(preset, t)}
              </span>
            </RowHeader>
            <Cell className="max-w-80 truncate text-ink-soft max-sm:hidden" title={issuer}>
              {issuer}
            </Cell>
            <Cell narrow>
              <StateBadge enabled={enabled} />
            </Cell>
            <Cell align="end" narrow>
              {identities}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function StateBadge({ enabled }: { enabled: boolean }) {
  const t = useTranslations("admin-connections");
  return (
    <Badge tone={enabled ? "success" : "neutral"} dot>
      {t(enabled ? "on" : "off")}
    </Badge>
  );
}
