import { notFound, redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { DeliveriesSection } from "@/app/admin/webhooks/[id]/deliveries-section";
import { FactsSection, SecretSection, SettingsSection } from "@/app/admin/webhooks/[id]/sections";
import { RemoveDialog, SwitchForm, TestForm } from "@/app/admin/webhooks/[id]/switches";
import { deliveriesApiHref, deliveriesHref, WEBHOOKS_PATH } from "@/app/admin/webhooks/address";
import { DeliverySearch } from "@/app/admin/webhooks/forms.schema";
import { StateBadge } from "@/app/admin/webhooks/state-badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { listDeliveries } from "@/lib/webhooks/deliveries";
import { findWebhook } from "@/lib/webhooks/manage-endpoints";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

export const generateMetadata = titled("admin-webhooks");

const PAGE_SIZE = 25;

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function WebhookPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { listing, cursor } = parseListingAddress(DeliverySearch, await searchParams);
  const path = deliveriesHref(id, listing, cursor);
  const caller = await requirePermission(path, WEBHOOK_PERMISSIONS.view);
  const webhook = await answerDenials(() => findWebhook(caller, id));
  if (webhook === null) notFound();
  const [result, mayManage] = await Promise.all([
    listDeliveries(caller, id, listing.state ?? null, { cursor, limit: PAGE_SIZE }),
    can(caller, WEBHOOK_PERMISSIONS.manage),
  ]);
  if (result.outcome === "not-found") notFound();
  if (result.outcome === "rejected") redirect(deliveriesHref(id, listing));
  const { deliveries, nextCursor, previousCursor } = result;
  // A page whose messages are gone: the list begins elsewhere now.
  if (deliveries.length === 0 && cursor !== undefined) redirect(deliveriesHref(id, listing));
  const turnTo = (to: string | null) => (to === null ? undefined : deliveriesHref(id, listing, to));
  const t = await getTranslations("admin-webhooks.list");
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("title"), href: WEBHOOKS_PATH }, { label: webhook.name }]}
          />
        }
        title={webhook.name}
        aside={<StateBadge webhook={webhook} />}
        actions={
          mayManage && (
            <>
              {webhook.enabled && <TestForm webhook={webhook} />}
              <SwitchForm webhook={webhook} />
              <RemoveDialog webhook={webhook} />
            </>
          )
        }
      />
      <div className="space-y-6">
        <FactsSection webhook={webhook} />
        <DeliveriesSection
          webhook={webhook}
          listing={listing}
          deliveries={deliveries}
          apiHref={deliveriesApiHref(id, listing, cursor, PAGE_SIZE)}
          previousHref={turnTo(previousCursor)}
          nextHref={turnTo(nextCursor)}
          mayManage={mayManage}
        />
        {mayManage && (
          <>
            <SettingsSection webhook={webhook} />
            <SecretSection webhook={webhook} />
          </>
        )}
      </div>
    </div>
  );
}
