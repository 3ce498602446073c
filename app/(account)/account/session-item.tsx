import { Monitor } from "lucide-react";
import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { revokeSessionAction } from "@/app/(account)/account/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import type { listOwnSessions } from "@/lib/sessions/revoke-sessions";

export type OwnSession = Awaited<ReturnType<typeof listOwnSessions>>[number];

/** One of the caller's sessions: on what, from where, since when, and the way to end it (F30). */
export function SessionItem({
  session: { id, userAgent, ip, current, impersonated, createdAt, lastSeenAt },
}: {
  session: OwnSession;
}) {
  const t = useTranslations("account.sessions");
  const devices = useTranslations("auth.device");
  const device = impersonated ? t("asYou") : wordsOfDevice(userAgent, devices);
  return (
    <Item
      leading={<Monitor aria-hidden="true" />}
      title={device}
      aside={current && <Badge tone="accent">{t("here")}</Badge>}
      actions={
        <ConfirmDialog
          trigger={t("end")}
          triggerLabel={t("endOf", { device })}
          variant="secondary"
          title={t(current ? "signOutTitle" : "endTitle")}
          description={t(current ? "hereText" : "elsewhereText")}
          confirmLabel={t(current ? "signOut" : "endSession")}
          action={revokeSessionAction}
          fields={{ sessionId: id }}
        />
      }
    >
      {!impersonated && `${ip ?? t("unknownAddress")} · `}
      {t.rich("firstSeen", timeAgo(createdAt))} · {t.rich("lastSeen", timeAgo(lastSeenAt))}
    </Item>
  );
}
