import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { revokeOtherSessionsAction } from "@/app/(account)/account/actions";
import { SessionItem } from "@/app/(account)/account/session-item";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Card } from "@/components/ui/card";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { listOwnSessions } from "@/lib/sessions/revoke-sessions";

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
            <SessionItem key={session.id} session={session} />
          ))}
        </ItemList>
      </Card>
    </>
  );
}
