import { Monitor } from "lucide-react";
import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { revokeOtherSessionsAction, revokeSessionAction } from "@/app/(account)/account/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { listOwnSessions } from "@/lib/sessions/revoke-sessions";
import { describeUserAgent } from "@/lib/shared/user-agent";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage() {
  const sessions = await listOwnSessions(await requireCaller("/account/sessions"));
  return (
    <>
      <PageHeader
        title="Sessions"
        description="Where you are signed in. End what you do not recognise, then change your password."
        actions={
          sessions.length > 1 && (
            <ConfirmDialog
              trigger="End all others"
              title="End every other session?"
              description="Each of those browsers has to sign in again. This one stays signed in."
              confirmLabel="End the others"
              action={revokeOtherSessionsAction}
            />
          )
        }
      />
      <Card>
        <ItemList>
          {sessions.map((session) => (
            <Item
              key={session.id}
              leading={<Monitor aria-hidden="true" />}
              title={describeUserAgent(session.userAgent)}
              aside={session.current && <Badge tone="accent">This device</Badge>}
              actions={
                <ConfirmDialog
                  trigger="End"
                  triggerLabel={`End the session of ${describeUserAgent(session.userAgent)}`}
                  variant="secondary"
                  title={session.current ? "Sign out here?" : "End this session?"}
                  description={
                    session.current
                      ? "This is the browser that you are using now."
                      : "That browser has to sign in again."
                  }
                  confirmLabel={session.current ? "Sign out" : "End session"}
                  action={revokeSessionAction}
                  fields={{ sessionId: session.id }}
                />
              }
            >
              {session.ip ?? "Unknown address"} · first seen{" "}
              <RelativeTime value={session.createdAt} /> · last seen{" "}
              <RelativeTime value={session.lastSeenAt} />
            </Item>
          ))}
        </ItemList>
      </Card>
    </>
  );
}
