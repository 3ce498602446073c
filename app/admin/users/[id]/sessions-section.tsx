import { Monitor } from "lucide-react";
import { endUserSessionAction, endUserSessionsAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Caller } from "@/lib/shared/caller";
import { describeUserAgent } from "@/lib/shared/user-agent";
import type { UserDetail } from "@/lib/users/list-users";
import { listUserSessions } from "@/lib/users/user-sessions";

/** Where the user is signed in now. */
export async function SessionsSection({
  caller,
  user,
  editable,
}: {
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const sessions = (await listUserSessions(caller, user.id)) ?? [];
  if (sessions.length === 0) {
    return (
      <Section title="Sessions">
        <p className="text-ink-soft text-sm">The user is signed in nowhere.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Sessions"
      description="Where the user is signed in now."
      actions={editable && <EndAll user={user} count={sessions.length} />}
      flush
    >
      <ItemList>
        {sessions.map((session) => {
          const device = describeUserAgent(session.userAgent);
          return (
            <Item
              key={session.id}
              leading={<Monitor aria-hidden="true" />}
              title={device}
              aside={
                session.id === caller.principal.session.id && (
                  <Badge tone="accent">This device</Badge>
                )
              }
              actions={
                editable && (
                  <ConfirmDialog
                    trigger="End"
                    triggerLabel={`End the session of ${device}`}
                    variant="secondary"
                    title="End this session?"
                    description={`${user.email} has to sign in again there.`}
                    confirmLabel="End session"
                    action={endUserSessionAction}
                    fields={{ id: user.id, sessionId: session.id }}
                  />
                )
              }
            >
              {session.ip ?? "Unknown address"} · last seen{" "}
              <RelativeTime value={session.lastSeenAt} /> · since{" "}
              <RelativeTime value={session.createdAt} />
            </Item>
          );
        })}
      </ItemList>
    </Section>
  );
}

function EndAll({ user, count }: { user: UserDetail; count: number }) {
  return (
    <ConfirmDialog
      trigger="End all"
      variant="secondary"
      title="End every session of this user?"
      description={`${user.email} is signed out ${count === 1 ? "of the one device" : `of all ${count} devices`} and has to sign in again.`}
      confirmLabel="End all sessions"
      action={endUserSessionsAction}
      fields={{ id: user.id }}
    />
  );
}
