import { CircleCheck, CircleX, Clock } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { retryLogoutAction } from "@/app/admin/clients/[id]/logouts/actions";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Card } from "@/components/ui/card";
import { CODED } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { timeAgo } from "@/components/ui/relative-time";
import { can } from "@/lib/authz/decide";
import { type LogoutDelivery, listLogoutDeliveries } from "@/lib/oidc/logout-deliveries";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";

export const generateMetadata = titled("admin-clients.logouts");

const STATES = {
  delivered: { tone: "success", icon: CircleCheck },
  waiting: { tone: "warning", icon: Clock },
  "given-up": { tone: "danger", icon: CircleX },
} as const;

/** What a client was told of sessions that have ended, and what it could not be told (F63). */
export default async function LogoutsPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `${clientPath(id)}/logouts`;
  const caller = await requirePermission(path, CLIENT_PERMISSIONS.view);
  const found = await answerDenials(() => listLogoutDeliveries(caller, id));
  if (found === null) notFound();
  const { clientName, address, deliveries } = found;
  const t = await getTranslations("admin-clients");
  const mayRetry = await can(caller, CLIENT_PERMISSIONS.manage);
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: t("title"), href: LIST_PATH },
              { label: clientName, href: clientPath(id) },
              { label: t("logouts.title") },
            ]}
          />
        }
        title={t("logouts.title")}
        description={
          address === null
            ? t("logouts.noAddress", { name: clientName })
            : t.rich("logouts.description", { name: clientName, address, ...CODED })
        }
      />
      <Card>
        {deliveries.length === 0 ? (
          <EmptyState title={t("logouts.none")} description={t("logouts.noneText")} />
        ) : (
          <ItemList>
            {deliveries.map((delivery) => (
              <Delivery
                key={delivery.id}
                clientId={id}
                delivery={delivery}
                mayRetry={mayRetry && address !== null}
              />
            ))}
          </ItemList>
        )}
      </Card>
    </div>
  );
}

function Delivery({
  clientId,
  delivery: { id, state, createdAt, attempts, nextAttemptAt, deliveredAt, lastError },
  mayRetry,
}: {
  clientId: string;
  delivery: LogoutDelivery;
  mayRetry: boolean;
}) {
  const t = useTranslations("admin-clients.logouts");
  const { tone, icon: Icon } = STATES[state];
  return (
    <Item
      leading={<Icon aria-hidden="true" />}
      title={t.rich("ended", timeAgo(createdAt))}
      aside={<Badge tone={tone}>{t(`states.${state}`)}</Badge>}
      actions={
        mayRetry &&
        state !== "delivered" && (
          <ActionForm action={retryLogoutAction} aria-label={t("again")}>
            <input type="hidden" name="clientId" value={clientId} />
            <input type="hidden" name="deliveryId" value={id} />
            <SubmitButton variant="secondary">{t("tryAgain")}</SubmitButton>
          </ActionForm>
        )
      }
    >
      <p>
        {t("attempts", { count: attempts })}
        {deliveredAt !== null && <> · {t.rich("told", timeAgo(deliveredAt))}</>}
        {nextAttemptAt !== null && <> · {t.rich("next", timeAgo(nextAttemptAt))}</>}
      </p>
      {lastError !== null && (
        <p className="[overflow-wrap:anywhere]">{t("lastAnswer", { answer: lastError })}</p>
      )}
    </Item>
  );
}
