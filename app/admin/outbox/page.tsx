import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { retryFailedAction } from "@/app/admin/outbox/actions";
import { OUTBOX_PATH, outboxApiHref, outboxHref } from "@/app/admin/outbox/address";
import { MessageItem } from "@/app/admin/outbox/message-item";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { describeOutbox, listMessages, type OutboxOverview } from "@/lib/outbox/list-messages";
import { MESSAGE_STATES, MessageListing } from "@/lib/outbox/outbox.schema";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";

export const generateMetadata = titled("admin-outbox");

const PAGE_SIZE = 50;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function OutboxPage({ searchParams }: Search) {
  const { listing, problems, cursor } = parseListingAddress(MessageListing, await searchParams);
  const caller = await requirePermission(outboxHref(listing, cursor), OUTBOX_PERMISSIONS.view);
  const [result, overview, mayManage] = await Promise.all([
    answerDenials(() => listMessages(caller, listing, { cursor, limit: PAGE_SIZE })),
    answerDenials(() => describeOutbox(caller)),
    can(caller, OUTBOX_PERMISSIONS.manage),
  ]);
  if (result.outcome === "rejected") {
    const { recipient: _hidden, ...rest } = listing;
    redirect(outboxHref(result.reason === "unknown-cursor" ? listing : rest));
  }
  const { messages, recipientsShown, nextCursor, previousCursor } = result;
  const filtered = Object.keys(listing).length > 0;
  const turnTo = (to: string | null) => (to === null ? undefined : outboxHref(listing, to));
  const { failed } = overview.unsent;
  const told = await Promise.all(
    problems.map(async ({ name, message }) => ({ name, message: await validationWords(message) })),
  );
  const t = await getTranslations("admin-outbox");
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={mayManage && failed > 0 && <RetryFailedDialog count={failed} />}
      />
      <Standing overview={overview} />
      <FilterBar
        key={outboxHref(listing)}
        action={OUTBOX_PATH}
        label={t("filter")}
        clearHref={filtered || problems.length > 0 ? OUTBOX_PATH : undefined}
      >
        <FilterSelect
          name="state"
          label={t("state")}
          value={listing.state}
          options={MESSAGE_STATES.map((state) => ({ value: state, label: t(`states.${state}`) }))}
        />
        <FilterSelect
          name="kind"
          label={t("kind")}
          value={listing.kind}
          options={overview.kinds.map((kind) => ({ value: kind, label: kind }))}
        />
        {recipientsShown && (
          <FilterSearch
            name="recipient"
            label={t("recipient")}
            placeholder={t("recipientHint")}
            value={listing.recipient}
          />
        )}
      </FilterBar>
      {told.map(({ name, message }) => (
        <Callout key={name} tone="danger" role="alert" className="mb-4">
          <p>{message}</p>
        </Callout>
      ))}
      <LiveUpdates
        href={outboxApiHref(listing, cursor, PAGE_SIZE)}
        shown={{ of: "messages", ids: messages.map(({ id }) => id) }}
      />
      <Card>
        {messages.length === 0 ? (
          <EmptyState
            title={t(filtered ? "noMatch" : "none")}
            description={t(filtered ? "noMatchText" : "noneText")}
            action={filtered && <ButtonLink href={OUTBOX_PATH}>{t("clear")}</ButtonLink>}
          />
        ) : (
          <ItemList>
            {messages.map((message) => (
              <MessageItem key={message.id} message={message} mayManage={mayManage} />
            ))}
          </ItemList>
        )}
      </Card>
      <Pagination
        label={t("pages")}
        previousHref={turnTo(previousCursor)}
        nextHref={turnTo(nextCursor)}
      />
    </>
  );
}

/** What an operator has to know before the list: what waits, and whether anything sends it. */
function Standing({ overview: { unsent, sends } }: { overview: OutboxOverview }) {
  const t = useTranslations("admin-outbox");
  let standing = t("waiting", { count: unsent.queued + unsent.failed });
  if (unsent.failed > 0) standing = t("ofThemFailed", { standing, count: unsent.failed });
  if (unsent.expired > 0) standing = t("andExpired", { standing, count: unsent.expired });
  return (
    <>
      {!sends.mail && (
        <Callout tone="warning" className="mb-4" title={t("noMail")}>
          <p>{t("noMailText")}</p>
        </Callout>
      )}
      {!sends.sms && (
        <Callout className="mb-4" title={t("noSms")}>
          <p>{t("noSmsText")}</p>
        </Callout>
      )}
      <p className="figures mb-4 text-ink-soft text-sm">{t("standing", { standing })}</p>
    </>
  );
}

function RetryFailedDialog({ count }: { count: number }) {
  const t = useTranslations("admin-outbox");
  return (
    <ConfirmDialog
      trigger={t("retryAll")}
      variant="secondary"
      size="md"
      title={t("retryAllTitle", { count })}
      description={t("retryAllText")}
      confirmLabel={t("retry")}
      tone="primary"
      action={retryFailedAction}
    />
  );
}
