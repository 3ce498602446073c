import { Plus } from "lucide-react";
import { useLanguage, useTranslations } from "#translations";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import {
  endOwnAccessAction,
  withdrawRequestAction,
} from "@/app/(account)/account/requests/actions";
import { EmergencySection } from "@/app/(account)/account/requests/emergency-section";
import { endAt, RequestState } from "@/app/(account)/account/requests/request-state";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { timeAgo } from "@/components/ui/relative-time";
import { listOwnEmergencyRoles } from "@/lib/access-requests/break-glass";
import { durationWords } from "@/lib/access-requests/duration-words";
import { type AccessRequest, listOwnRequests } from "@/lib/access-requests/list-requests";

export const generateMetadata = titled("account-requests");

/** @needs signed-in Emergencies are shown to whoever may use them. */
export default async function RequestsPage() {
  const caller = await requireCaller("/account/requests", { impersonated: true });
  const requests = await listOwnRequests(caller);
  const emergencyRoles = await answerDenials(() => listOwnEmergencyRoles(caller));
  const t = await getTranslations("account-requests");
  const ask = (
    <ButtonLink href="/account/requests/new" variant="primary">
      <Plus aria-hidden="true" />
      {t("ask")}
    </ButtonLink>
  );
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={requests.length > 0 && ask}
      />
      <div className="space-y-6">
        <Section title={t("yours")} flush>
          {requests.length === 0 ? (
            <EmptyState title={t("none")} description={t("noneText")} action={ask} />
          ) : (
            <ItemList>
              {requests.map((request) => (
                <OwnRequest key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        {emergencyRoles.length > 0 && <EmergencySection roles={emergencyRoles} />}
      </div>
    </div>
  );
}

function OwnRequest({ request }: { request: AccessRequest }) {
  const t = useTranslations("account-requests");
  const { locale } = useLanguage();
  const { roleName, kind, reason, durationSeconds, createdAt, inForceUntil, note } = request;
  const asked = { duration: durationWords(durationSeconds, locale), ...timeAgo(createdAt) };
  return (
    <Item
      title={roleName}
      aside={
        <>
          <RequestState {...request} />
          {kind === "break_glass" && <Badge tone="warning">{t("emergency")}</Badge>}
        </>
      }
      actions={<Actions request={request} />}
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        {inForceUntil === null
          ? t.rich("asked", asked)
          : t.rich("askedEnds", { ...asked, ...endAt(inForceUntil) })}
      </p>
      {note !== "" && <p className="[overflow-wrap:anywhere]">{t("answer", { note })}</p>}
    </Item>
  );
}

function Actions({ request: { id, roleName, state, inForceUntil } }: { request: AccessRequest }) {
  const t = useTranslations("account-requests");
  const role = { role: roleName };
  if (state === "pending") {
    return (
      <ConfirmDialog
        trigger={t("withdraw")}
        triggerLabel={t("withdrawThis", role)}
        title={t("withdrawTitle", role)}
        description={t("withdrawText")}
        confirmLabel={t("withdrawRequest")}
        action={withdrawRequestAction}
        fields={{ requestId: id }}
      />
    );
  }
  if (inForceUntil === null) return null;
  return (
    <ConfirmDialog
      trigger={t("endNow")}
      triggerLabel={t("endThis", role)}
      title={t("endTitle", role)}
      description={t("endText")}
      confirmLabel={t("endRole")}
      action={endOwnAccessAction}
      fields={{ requestId: id }}
    />
  );
}
