import { CircleCheck, CircleX, Clock } from "lucide-react";
import { useTranslations } from "#translations";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { redeliverAction, redeliverGivenUpAction } from "@/app/admin/webhooks/actions";
import { webhookPath } from "@/app/admin/webhooks/address";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { FilterBar, FilterSelect } from "@/components/form/filter-bar";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { Pagination } from "@/components/ui/pagination";
import { timeAgo } from "@/components/ui/relative-time";
import type { Delivery } from "@/lib/webhooks/deliveries";
import type { Webhook } from "@/lib/webhooks/manage-endpoints";
import { DELIVERY_STATES, type DeliveryState } from "@/lib/webhooks/webhook.schema";

const STATES = {
  delivered: { tone: "success", icon: CircleCheck },
  waiting: { tone: "warning", icon: Clock },
  "given-up": { tone: "danger", icon: CircleX },
} as const;

/** What became of each message, and ways to send it again (F128). */
export function DeliveriesSection({
  webhook,
  listing,
  deliveries,
  apiHref,
  previousHref,
  nextHref,
  mayManage,
}: {
  webhook: Webhook;
  listing: { state?: DeliveryState | undefined };
  deliveries: Delivery[];
  /** The same page of them in the API. */
  apiHref: string;
  previousHref: string | undefined;
  nextHref: string | undefined;
  mayManage: boolean;
}) {
  const path = webhookPath(webhook.id);
  const maySend = mayManage && webhook.enabled;
  const t = useTranslations("admin-webhooks.deliveries");
  return (
    <Section
      title={t("title")}
      description={t("description")}
      actions={maySend && <RedeliverDialog webhook={webhook} />}
      flush
    >
      <div className="px-5 pt-5 sm:px-6">
        <FilterBar
          key={listing.state}
          action={path}
          label={t("filter")}
          clearHref={listing.state === undefined ? undefined : path}
        >
          <FilterSelect
            name="state"
            label={t("state")}
            value={listing.state}
            options={DELIVERY_STATES.map((state) => ({
              value: state,
              label: t(`states.${state}`),
            }))}
          />
        </FilterBar>
        <LiveUpdates
          href={apiHref}
          shown={{ of: "messages", ids: deliveries.map(({ id }) => id) }}
        />
      </div>
      {deliveries.length === 0 ? (
        <EmptyState
          title={t(listing.state === undefined ? "none" : "noMatch")}
          description={t("noneText")}
        />
      ) : (
        <ItemList>
          {deliveries.map((delivery) => (
            <DeliveryItem
              key={delivery.id}
              webhookId={webhook.id}
              delivery={delivery}
              maySend={maySend}
            />
          ))}
        </ItemList>
      )}
      <div className="px-5 pb-5 sm:px-6">
        <Pagination label={t("pages")} previousHref={previousHref} nextHref={nextHref} />
      </div>
    </Section>
  );
}

function DeliveryItem({
  webhookId,
  delivery,
  maySend,
}: {
  webhookId: string;
  delivery: Delivery;
  maySend: boolean;
}) {
  const { id, state, eventType, attempts, attemptedAt, nextAttemptAt, error } = delivery;
  const { tone, icon: Icon } = STATES[state];
  const t = useTranslations("admin-webhooks.deliveries");
  return (
    <Item
      leading={<Icon aria-hidden="true" />}
      title={eventType}
      aside={<Badge tone={tone}>{t(`states.${state}`)}</Badge>}
      actions={
        maySend &&
        state !== "waiting" && (
          <ActionForm action={redeliverAction} aria-label={t("againThis", { event: eventType })}>
            <input type="hidden" name="id" value={webhookId} />
            <input type="hidden" name="deliveryId" value={id} />
            <SubmitButton variant="secondary">{t("again")}</SubmitButton>
          </ActionForm>
        )
      }
    >
      <p>
        {t("attempts", { count: attempts })}
        {attemptedAt !== null && (
          <>
            {" "}
            · {t.rich("last", timeAgo(attemptedAt))}
            {delivery.durationMs !== null &&
              `, ${t("milliseconds", { count: String(delivery.durationMs) })}`}
            {delivery.status !== null && `, ${t("status", { status: String(delivery.status) })}`}
          </>
        )}
        {nextAttemptAt !== null && <> · {t.rich("next", timeAgo(nextAttemptAt))}</>}
      </p>
      {error !== null && <p className="[overflow-wrap:anywhere]">{error}</p>}
    </Item>
  );
}

function RedeliverDialog({ webhook: { id } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.deliveries");
  return (
    <ConfirmDialog
      trigger={t("againAll")}
      variant="secondary"
      size="md"
      title={t("againAllTitle")}
      description={t("againAllText")}
      confirmLabel={t("again")}
      tone="primary"
      action={redeliverGivenUpAction}
      fields={{ id }}
    >
      <TextField name="since" label={t("since")} type="date" required />
    </ConfirmDialog>
  );
}
