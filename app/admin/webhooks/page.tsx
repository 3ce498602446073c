import { Plus } from "lucide-react";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { NEW_WEBHOOK_PATH, WEBHOOKS_PATH, webhookPath } from "@/app/admin/webhooks/address";
import { StateBadge } from "@/app/admin/webhooks/state-badge";
import { WebhookFlash } from "@/app/admin/webhooks/webhook-flash";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
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
import { listWebhooks, type Webhook } from "@/lib/webhooks/manage-endpoints";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

export const generateMetadata = titled("admin-webhooks.list");

export default async function WebhooksPage() {
  const caller = await requirePermission(WEBHOOKS_PATH, WEBHOOK_PERMISSIONS.view);
  const [webhooks, mayManage] = await Promise.all([
    answerDenials(() => listWebhooks(caller)),
    can(caller, WEBHOOK_PERMISSIONS.manage),
  ]);
  const t = await getTranslations("admin-webhooks.list");
  const newWebhook = mayManage && (
    <ButtonLink href={NEW_WEBHOOK_PATH} variant="primary">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <WebhookFlash />
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={webhooks.length > 0 && newWebhook}
      />
      {webhooks.length === 0 ? (
        <Card>
          <EmptyState title={t("none")} description={t("noneText")} action={newWebhook} />
        </Card>
      ) : (
        <WebhookTable webhooks={webhooks} />
      )}
    </>
  );
}

function WebhookTable({ webhooks }: { webhooks: Webhook[] }) {
  const t = useTranslations("admin-webhooks.list");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("name")}</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">{t("events")}</ColumnHeader>
        <ColumnHeader>{t("state")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {webhooks.map((webhook) => (
          <TableRow key={webhook.id}>
            <RowHeader className="max-w-72">
              <Link
                href={webhookPath(webhook.id)}
                className="rounded-sm [overflow-wrap:anywhere] hover:underline"
              >
                {webhook.name}
              </Link>
              <span className="block truncate font-normal text-ink-soft text-xs">
                {new URL(webhook.url).host}
              </span>
            </RowHeader>
            <Cell className="max-w-80 truncate font-mono text-ink-soft text-xs max-sm:hidden">
              {webhook.eventTypes.join(", ")}
            </Cell>
            <Cell narrow>
              <span className="flex flex-wrap gap-1.5">
                <StateBadge webhook={webhook} />
                {webhook.organizationId === null && <Badge>{t("everywhere")}</Badge>}
              </span>
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
