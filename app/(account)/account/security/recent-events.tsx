import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations } from "@/app/_locale/translations";
import { wordsFor } from "@/app/(account)/account/security/event-words";
import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { listOwnSecurityEvents } from "@/lib/audit-log/own-security-events";
import type { Caller } from "@/lib/shared/caller";

const COUNT = 10;

/** What happened to the account, in words, so that its owner can tell what was not them. */
export async function RecentEventsSection({ caller }: { caller: Caller }) {
  const events = await listOwnSecurityEvents(caller, COUNT);
  const t = await getTranslations("account");
  const words = await getTranslations("account-security.events");
  const devices = await getTranslations("auth.device");
  return (
    <Section
      title={words("title")}
      description={words("description")}
      actions={<TextLink href="/account/sessions">{words("review")}</TextLink>}
      footer={<TextLink href="/account/activity">{words("all")}</TextLink>}
      flush
    >
      {events.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">{words("none")}</p>
      ) : (
        <ItemList>
          {events.map((event) => (
            <Item
              key={event.id}
              title={wordsFor(event, t)}
              aside={event.outcome !== "success" && <OutcomeBadge outcome={event.outcome} />}
            >
              <RelativeTime value={event.at} /> · {wordsOfDevice(event.userAgent, devices)}
              {event.ip !== null && ` · ${event.ip}`}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}
