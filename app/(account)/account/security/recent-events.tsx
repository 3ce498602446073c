import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { listOwnSecurityEvents } from "@/lib/audit-log/own-security-events";
import type { Caller } from "@/lib/shared/caller";
import { describeUserAgent } from "@/lib/shared/user-agent";

const COUNT = 8;

const TITLES: Record<string, string> = {
  "session.created": "Signed in",
  "session.rejected": "A sign-in was refused",
  "session.raised": "Confirmed that it was you",
  "factor.added": "A way to sign in was added",
  "factor.replaced": "A way to sign in was replaced",
  "factor.removed": "A way to sign in was removed",
  "identity.linked": "An account was connected",
  "identity.unlinked": "An account was disconnected",
  "user.password_changed": "The password was changed",
  "user.password_reset_requested": "A new password was asked for",
  "user.email_changed": "The email address was changed",
  "user.factors_reset": "An administrator removed your second factors",
  "device.distrusted": "A device is no longer trusted",
};

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
              title={TITLES[event.action] ?? event.action}
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
