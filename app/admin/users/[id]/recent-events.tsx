import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations } from "@/app/_locale/translations";
import { auditHref } from "@/app/admin/audit/address";
import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { type AuditEvent, listEventsOfUser } from "@/lib/audit-log/list-audit-events";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Caller } from "@/lib/shared/caller";

const COUNT = 15;

/** What the user did, what was done to them, and what somebody did as them, newest first. */
export async function RecentEvents({
  id,
  caller,
  userId,
}: {
  id: string;
  caller: Caller;
  userId: string;
}) {
  const events = await listEventsOfUser(caller, userId, COUNT);
  const t = await getTranslations("admin-users.events");
  const devices = await getTranslations("auth.device");
  const links = (
    <>
      <TextLink href={auditHref({ actor: userId })}>{t("actor")}</TextLink>
      <TextLink href={auditHref({ target: userId })}>{t("target")}</TextLink>
    </>
  );
  return (
    <Section id={id} title={t("title")} footer={links} flush className="scroll-mt-20">
      {events.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">{t("none")}</p>
      ) : (
        <ItemList>
          {events.map((event) => (
            <Item
              key={event.id}
              title={
                <TextLink href={auditHref({ id: event.id })}>{inWords(event.action)}</TextLink>
              }
              aside={event.outcome !== "success" && <OutcomeBadge outcome={event.outcome} />}
            >
              <RelativeTime value={event.at} />
              {[byWhom(event, userId, t), wordsOfDevice(event.userAgent, devices)]
                .filter((words) => words !== "")
                .map((words) => ` · ${words}`)
                .join("")}
              {event.ip !== null && ` · ${event.ip}`}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}

/** `user.role_assigned` as "User role assigned": actions are named for being read. */
function inWords(action: string): string {
  const words = action.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Says who it was when it was somebody else, and when somebody acted as the user. */
function byWhom(
  { actor, subject }: AuditEvent,
  userId: string,
  t: Translator<"admin-users.events">,
): string {
  if (actor.id === userId) {
    return subject === null ? "" : t("as", { name: subject.name ?? t("somebody") });
  }
  const name = actor.name ?? (actor.id === null ? actor.type : t("somebody"));
  return t(subject?.id === userId ? "asThem" : "by", { name });
}
