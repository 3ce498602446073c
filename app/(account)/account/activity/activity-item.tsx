import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { wordsFor } from "@/app/(account)/account/security/event-words";
import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Item } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import type { ActivityEvent } from "@/lib/audit-log/own-activity";
import type { Translator } from "@/lib/platform/locale/translator";

/** One thing that happened, from where, and what to do when it was not its owner. */
export function ActivityItem({ event, help }: { event: ActivityEvent; help: string }) {
  const t = useTranslations("account");
  const devices = useTranslations("auth.device");
  return (
    <Item
      title={titleOf(event, t)}
      aside={event.outcome !== "success" && <OutcomeBadge outcome={event.outcome} />}
      actions={
        !event.bySomebodyElse && (
          <TextLink href={help} className="whitespace-nowrap text-sm">
            {t("activity.notMe")}
          </TextLink>
        )
      }
    >
      <RelativeTime value={event.at} />
      {" · "}
      {event.bySomebodyElse ? (
        t("activity.byAdministrator")
      ) : (
        <>
          {wordsOfDevice(event.userAgent, devices)} · {event.ip ?? t("activity.unknownAddress")}
        </>
      )}
    </Item>
  );
}

/** In words; what somebody else did as the user, by the name that the audit log has for it. */
function titleOf({ action, factor, doneAsUser }: ActivityEvent, t: Translator<"account">): string {
  if (doneAsUser !== null) return t("activity.asYou", { action: doneAsUser });
  return action === null ? t("activity.something") : wordsFor({ action, factor }, t);
}
