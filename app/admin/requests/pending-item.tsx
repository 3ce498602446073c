import { useLanguage, useTranslations } from "#translations";
import { approveRequestAction, denyRequestAction } from "@/app/admin/requests/actions";
import { Note } from "@/app/admin/requests/note";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { durationWords } from "@/lib/access-requests/duration-words";
import type { PendingRequest } from "@/lib/access-requests/list-requests";

/** Somebody's request with what it would give them, and the two answers. */
export function PendingItem({ request }: { request: PendingRequest }) {
  const t = useTranslations("admin-requests.pending");
  const { userEmail, userName, roleName, reason, createdAt, gives } = request;
  const { duration, impact } = useImpact(request);
  return (
    <Item
      title={`${userName ?? userEmail}: ${roleName}`}
      aside={request.own && <Badge>{t("own")}</Badge>}
      actions={<Answers request={request} />}
    >
      <p>{t.rich("asked", { email: userEmail, duration, ...timeAgo(createdAt) })}</p>
      <p className="text-ink [overflow-wrap:anywhere]">{reason}</p>
      <p>{impact}</p>
      <details className="mt-1">
        <summary className="cursor-pointer text-ink">{t("gives", { count: gives.length })}</summary>
        <ul className="mt-1 list-disc ps-5">
          {gives.map(({ key, description }) => (
            <li key={key}>
              {description} <span className="font-mono text-xs">{key}</span>
              {request.gained.includes(key) && ` · ${t("gained")}`}
            </li>
          ))}
        </ul>
      </details>
    </Item>
  );
}

/** What would change, and for how long, in words. */
function useImpact({ gained, gives, durationSeconds }: PendingRequest) {
  const t = useTranslations("admin-requests.pending");
  const duration = durationWords(durationSeconds, useLanguage().locale);
  if (gives.length === 0) return { duration, impact: t("givesNothing") };
  if (gained.length === 0) return { duration, impact: t("heldAlready") };
  return { duration, impact: t("impact", { duration, permissions: gained.join(", ") }) };
}

function Answers({ request }: { request: PendingRequest }) {
  const t = useTranslations("admin-requests.pending");
  const { id, userEmail: email, roleName: role, missing, own } = request;
  const { duration, impact } = useImpact(request);
  if (own) return <Badge>{t("somebodyElse")}</Badge>;
  if (missing.length > 0) {
    return (
      <p className="max-w-48 text-ink-soft text-sm [overflow-wrap:anywhere]">
        {t("missing", { permissions: missing.join(", ") })}
      </p>
    );
  }
  return (
    <>
      <ConfirmDialog
        trigger={t("approve")}
        triggerLabel={t("approveThis", { role, email })}
        variant="primary"
        tone="primary"
        title={t("approveTitle", { role, email })}
        description={t("approveText", { impact, duration })}
        confirmLabel={t("approveRequest")}
        action={approveRequestAction}
        fields={{ requestId: id }}
      >
        <Note label={t("note")} />
        <PreviewAnswer />
        <div>
          <PreviewButton />
        </div>
      </ConfirmDialog>
      <ConfirmDialog
        trigger={t("deny")}
        triggerLabel={t("denyThis", { role, email })}
        title={t("denyTitle", { role, email })}
        description={t("denyText")}
        confirmLabel={t("denyRequest")}
        action={denyRequestAction}
        fields={{ requestId: id }}
      >
        <Note label={t("note")} />
      </ConfirmDialog>
    </>
  );
}
