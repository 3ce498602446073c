import { useLanguage, useTranslations } from "#translations";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { endAt, RequestState } from "@/app/(account)/account/requests/request-state";
import { acknowledgeEmergencyAction, endAccessAction } from "@/app/admin/requests/actions";
import { INBOX_PATH, requestAnchor } from "@/app/admin/requests/address";
import { Note } from "@/app/admin/requests/note";
import { PendingItem } from "@/app/admin/requests/pending-item";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime, timeAgo } from "@/components/ui/relative-time";
import { durationWords } from "@/lib/access-requests/duration-words";
import { type AccessRequest, listInbox } from "@/lib/access-requests/list-requests";

export const generateMetadata = titled("admin-requests");

export default async function InboxPage() {
  const caller = await requireCaller(INBOX_PATH);
  const { pending, unacknowledged, inForce, past } = await answerDenials(() => listInbox(caller));
  const t = await getTranslations("admin-requests");
  return (
    <div className="max-w-4xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        {unacknowledged.length > 0 && (
          <Section title={t("emergencies")} description={t("emergenciesText")} flush>
            <ItemList>
              {unacknowledged.map((request) => (
                <Emergency
                  key={request.id}
                  request={request}
                  own={request.userId === caller.principal.userId}
                />
              ))}
            </ItemList>
          </Section>
        )}
        <Section title={t("waiting")} flush>
          {pending.length === 0 ? (
            <EmptyState title={t("noneWaiting")} description={t("noneWaitingText")} />
          ) : (
            <ItemList>
              {pending.map((request) => (
                <PendingItem key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        <Section title={t("inForce")} description={t("inForceText")} flush>
          {inForce.length === 0 ? (
            <EmptyState title={t("noneInForce")} />
          ) : (
            <ItemList>
              {inForce.map((request) => (
                <InForce key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        <Section title={t("decided")} description={t("decidedText")} flush>
          {past.length === 0 ? (
            <EmptyState title={t("noneDecided")} />
          ) : (
            <ItemList>
              {past.map((request) => (
                <Past key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
      </div>
    </div>
  );
}

const who = ({ userName, userEmail }: AccessRequest): string =>
  userName === null ? userEmail : `${userName} (${userEmail})`;

function Emergency({ request, own }: { request: AccessRequest; own: boolean }) {
  const t = useTranslations("admin-requests");
  const { id, roleName, reason, createdAt, inForceUntil, userEmail: email } = request;
  return (
    <Item
      title={`${who(request)}: ${roleName}`}
      aside={<RequestState {...request} />}
      actions={
        own ? (
          <Badge>{t("somebodyElseHasTo")}</Badge>
        ) : (
          <ConfirmDialog
            trigger={t("acknowledge")}
            triggerLabel={t("acknowledgeThis", { email })}
            variant="primary"
            tone="primary"
            title={t("acknowledgeTitle")}
            description={t("acknowledgeText", { email, role: roleName })}
            confirmLabel={t("acknowledge")}
            action={acknowledgeEmergencyAction}
            fields={{ requestId: id }}
          >
            <Note label={t("found")} required />
          </ConfirmDialog>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        {inForceUntil === null ? (
          <RelativeTime value={createdAt} />
        ) : (
          t.rich("sinceEnds", { ...timeAgo(createdAt), ...endAt(inForceUntil) })
        )}
      </p>
    </Item>
  );
}

function InForce({ request }: { request: AccessRequest }) {
  const t = useTranslations("admin-requests");
  const { id, roleName: role, inForceUntil, reviewedBy, kind, userEmail: email } = request;
  const approvedBy = kind === "request" ? reviewedBy : null;
  return (
    <Item
      id={requestAnchor(id)}
      title={`${who(request)}: ${role}`}
      aside={kind === "break_glass" && <Badge tone="warning">{t("emergency")}</Badge>}
      actions={
        <ConfirmDialog
          trigger={t("endNow")}
          triggerLabel={t("endThis", { role, email })}
          title={t("endTitle", { role, email })}
          description={t("endText")}
          confirmLabel={t("endRole")}
          action={endAccessAction}
          fields={{ requestId: id }}
        >
          <PreviewAnswer />
          <div>
            <PreviewButton />
          </div>
        </ConfirmDialog>
      }
    >
      {inForceUntil !== null && (
        <p>
          {approvedBy === null
            ? t.rich("ends", endAt(inForceUntil))
            : t.rich("endsApproved", { ...endAt(inForceUntil), name: approvedBy })}
        </p>
      )}
    </Item>
  );
}

function Past({ request }: { request: AccessRequest }) {
  const t = useTranslations("admin-requests");
  const { locale } = useLanguage();
  const { roleName, reason, durationSeconds, createdAt, reviewedBy, note, kind } = request;
  const asked = { duration: durationWords(durationSeconds, locale), ...timeAgo(createdAt) };
  return (
    <Item
      title={`${who(request)}: ${roleName}`}
      aside={
        <>
          <RequestState {...request} />
          {kind === "break_glass" && <Badge tone="warning">{t("emergency")}</Badge>}
        </>
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        {reviewedBy === null
          ? t.rich("past", asked)
          : t.rich("pastAnswered", { ...asked, name: reviewedBy })}
      </p>
      {note !== "" && <p className="[overflow-wrap:anywhere]">{t("noted", { note })}</p>}
    </Item>
  );
}
