import { CircleCheck, CircleX, Clock, Hourglass, Send } from "lucide-react";
import { useTranslations } from "#translations";
import { discardMessageAction, retryMessageAction } from "@/app/admin/outbox/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import type { Message } from "@/lib/outbox/list-messages";
import type { MessageState } from "@/lib/outbox/outbox.schema";

const STATES = {
  queued: { tone: "info", icon: Clock },
  sending: { tone: "info", icon: Send },
  sent: { tone: "success", icon: CircleCheck },
  failed: { tone: "danger", icon: CircleX },
  expired: { tone: "neutral", icon: Hourglass },
} as const satisfies Record<MessageState, object>;

/** One message: where it goes and what became of it, never what it says. */
export function MessageItem({ message, mayManage }: { message: Message; mayManage: boolean }) {
  const { channel, kind, recipient, state, attempts, failure } = message;
  const { tone, icon: Icon } = STATES[state];
  const t = useTranslations("admin-outbox");
  const waits = state !== "sent" && state !== "sending";
  return (
    <Item
      leading={<Icon aria-hidden="true" />}
      title={kind}
      aside={
        <>
          <Badge tone={tone}>{t(`states.${state}`)}</Badge>
          {channel === "sms" && <Badge>{t("sms")}</Badge>}
        </>
      }
      actions={
        mayManage &&
        waits && (
          <>
            {state === "failed" && <RetryForm message={message} />}
            <DiscardDialog message={message} />
          </>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">{t("to", { recipient })}</p>
      <p>
        {t("attempts", { count: attempts })}
        <Times message={message} />
      </p>
      {failure !== null && <p>{t(`failures.${failure}`)}</p>}
      {state === "expired" && <p>{t("expiredText")}</p>}
    </Item>
  );
}

function Times({
  message: { state, createdAt, sentAt, nextAttemptAt, expiresAt },
}: {
  message: Message;
}) {
  const t = useTranslations("admin-outbox");
  return (
    <>
      {" · "}
      {t.rich("queuedAt", timeAgo(createdAt))}
      {sentAt !== null && <> · {t.rich("sentAt", timeAgo(sentAt))}</>}
      {nextAttemptAt !== null && <> · {t.rich("nextTry", timeAgo(nextAttemptAt))}</>}
      {sentAt === null && expiresAt !== null && (
        <> · {t.rich(state === "expired" ? "expiredAt" : "expires", timeAgo(expiresAt))}</>
      )}
    </>
  );
}

function RetryForm({ message: { id, kind, recipient } }: { message: Message }) {
  const t = useTranslations("admin-outbox");
  return (
    <ActionForm action={retryMessageAction} aria-label={t("retryThis", { kind, recipient })}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">{t("retry")}</SubmitButton>
    </ActionForm>
  );
}

function DiscardDialog({ message: { id, kind, recipient } }: { message: Message }) {
  const t = useTranslations("admin-outbox");
  return (
    <ConfirmDialog
      trigger={t("discard")}
      triggerLabel={t("discardThis", { kind, recipient })}
      variant="ghost"
      size="md"
      title={t("discardTitle")}
      description={t("discardText", { kind, recipient })}
      confirmLabel={t("discardConfirm")}
      action={discardMessageAction}
      fields={{ id }}
    />
  );
}
