import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { type AuditEvent, listEventsOfUser } from "@/lib/audit-log/list-audit-events";
import type { Caller } from "@/lib/shared/caller";

const COUNT = 10;

/** What the user did and what was done to them, newest first. */
export async function RecentEvents({ caller, userId }: { caller: Caller; userId: string }) {
  const events = await listEventsOfUser(caller, userId, COUNT);
  const links = (
    <>
      <TextLink href={`/admin/audit?actor=${userId}`}>All they did</TextLink>
      <TextLink href={`/admin/audit?target=${userId}`}>All that was done to them</TextLink>
    </>
  );
  return (
    <Section title="Recent events" footer={links} flush>
      {events.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">Nothing has happened yet.</p>
      ) : (
        <ItemList>
          {events.map((event) => (
            <Item
              key={event.id}
              title={<code className="font-mono text-xs">{event.action}</code>}
              aside={event.outcome !== "success" && <OutcomeBadge outcome={event.outcome} />}
            >
              {byWhom(event, userId)}
              <RelativeTime value={event.at} />
              {event.ip !== null && ` from ${event.ip}`}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}

/** Says who it was when it was somebody else. */
const byWhom = ({ actor }: AuditEvent, userId: string): string =>
  actor.id === userId ? "" : `by ${actor.name ?? (actor.id === null ? actor.type : "somebody")}, `;
