import { wordsFor } from "@/app/(account)/account/security/event-words";
import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { listOwnSecurityEvents } from "@/lib/audit-log/own-security-events";
import type { Caller } from "@/lib/shared/caller";
import { describeUserAgent } from "@/lib/shared/user-agent";

const COUNT = 10;

/** What happened to the account, in words, so that its owner can tell what was not them. */
export async function RecentEventsSection({ caller }: { caller: Caller }) {
  const events = await listOwnSecurityEvents(caller, COUNT);
  return (
    <Section
      title="Recent events"
      description="Was something here not you?"
      actions={<TextLink href="/account/sessions">Review your sessions</TextLink>}
      flush
    >
      {events.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">Nothing has happened yet.</p>
      ) : (
        <ItemList>
          {events.map((event) => (
            <Item
              key={event.id}
              title={wordsFor(event)}
              aside={event.outcome !== "success" && <OutcomeBadge outcome={event.outcome} />}
            >
              <RelativeTime value={event.at} /> · {describeUserAgent(event.userAgent)}
              {event.ip !== null && ` · ${event.ip}`}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}
