import { Monitor } from "lucide-react";
import { revokeSessionAction } from "@/app/(account)/account/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { listOwnSessions } from "@/lib/sessions/revoke-sessions";
import { describeUserAgent } from "@/lib/shared/user-agent";

export type OwnSession = Awaited<ReturnType<typeof listOwnSessions>>[number];

/** One of the caller's sessions: on what, from where, since when, and the way to end it (F30). */
export function SessionItem({
  session: { id, userAgent, ip, current, createdAt, lastSeenAt },
}: {
  session: OwnSession;
}) {
  const device = describeUserAgent(userAgent);
  return (
    <Item
      leading={<Monitor aria-hidden="true" />}
      title={device}
      aside={current && <Badge tone="accent">This device</Badge>}
      actions={
        <ConfirmDialog
          trigger="End"
          triggerLabel={`End the session of ${device}`}
          variant="secondary"
          title={current ? "Sign out here?" : "End this session?"}
          description={
            current
              ? "This is the browser that you are using now."
              : "That browser has to sign in again."
          }
          confirmLabel={current ? "Sign out" : "End session"}
          action={revokeSessionAction}
          fields={{ sessionId: id }}
        />
      }
    >
      {ip ?? "Unknown address"} · first seen <RelativeTime value={createdAt} /> · last seen{" "}
      <RelativeTime value={lastSeenAt} />
    </Item>
  );
}
