import type { Metadata } from "next";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { RequestState } from "@/app/(account)/account/requests/request-state";
import { acknowledgeEmergencyAction, endAccessAction } from "@/app/admin/requests/actions";
import { INBOX_PATH, requestAnchor } from "@/app/admin/requests/address";
import { Note } from "@/app/admin/requests/note";
import { PendingItem } from "@/app/admin/requests/pending-item";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { durationWords } from "@/lib/access-requests/duration-words";
import { type AccessRequest, listInbox } from "@/lib/access-requests/list-requests";

export const metadata: Metadata = { title: "Requests" };

export default async function InboxPage() {
  const caller = await requireCaller(INBOX_PATH);
  const { pending, unacknowledged, inForce, past } = await answerDenials(() => listInbox(caller));
  return (
    <div className="max-w-4xl">
      <PageHeader
        title="Requests"
        description="Who asks for a role for some time, what that would give them, and what is in force. Nobody answers their own."
      />
      <div className="space-y-6">
        {unacknowledged.length > 0 && (
          <Section
            title="Emergencies to look at"
            description="Somebody gave themselves a role without being asked. Somebody else has to say what they found."
            flush
          >
            <ItemList>
              {unacknowledged.map((request) => (
                <Emergency
                  key={request.id}
                  request={request}
                  own={request.userId === caller.principal.userId}
                />
              ))}
            </ItemList>
          </Section>
        )}
        <Section title="Waiting for an answer" flush>
          {pending.length === 0 ? (
            <EmptyState title="Nobody waits" description="New requests come by mail as well." />
          ) : (
            <ItemList>
              {pending.map((request) => (
                <PendingItem key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        <Section title="In force" description="Each ends by itself." flush>
          {inForce.length === 0 ? (
            <EmptyState title="Nobody has a role by request" />
          ) : (
            <ItemList>
              {inForce.map((request) => (
                <InForce key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        <Section title="Decided" description="The last hundred; the audit log has all." flush>
          {past.length === 0 ? (
            <EmptyState title="Nothing is decided yet" />
          ) : (
            <ItemList>
              {past.map((request) => (
                <Past key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
      </div>
    </div>
  );
}

const who = ({ userName, userEmail }: AccessRequest): string =>
  userName === null ? userEmail : `${userName} (${userEmail})`;

function Emergency({ request, own }: { request: AccessRequest; own: boolean }) {
  const { id, roleName, reason, createdAt, inForceUntil, userEmail } = request;
  return (
    <Item
      title={`${who(request)}: ${roleName}`}
      aside={<RequestState {...request} />}
      actions={
        own ? (
          <Badge>Somebody else has to</Badge>
        ) : (
          <ConfirmDialog
            trigger="Acknowledge"
            triggerLabel={`Acknowledge the emergency of ${userEmail}`}
            variant="primary"
            tone="primary"
            title="Say what you found"
            description={`${userEmail} gave themselves ${roleName}. What you write is kept in the audit log.`}
            confirmLabel="Acknowledge"
            action={acknowledgeEmergencyAction}
            fields={{ requestId: id }}
          >
            <Note label="What you found" required />
          </ConfirmDialog>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        <RelativeTime value={createdAt} />
        {inForceUntil !== null && (
          <>
            ; ends <AbsoluteTime value={inForceUntil} />
          </>
        )}
      </p>
    </Item>
  );
}

function InForce({ request }: { request: AccessRequest }) {
  const { id, roleName, inForceUntil, reviewedBy, kind, userEmail } = request;
  return (
    <Item
      id={requestAnchor(id)}
      title={`${who(request)}: ${roleName}`}
      aside={kind === "break_glass" && <Badge tone="warning">Emergency</Badge>}
      actions={
        <ConfirmDialog
          trigger="End now"
          triggerLabel={`End now: ${roleName} of ${userEmail}`}
          title={`End ${roleName} of ${userEmail} now?`}
          description="They lose what it gives from their next request on."
          confirmLabel="End role"
          action={endAccessAction}
          fields={{ requestId: id }}
        />
      }
    >
      <p>
        {inForceUntil !== null && (
          <>
            Ends <AbsoluteTime value={inForceUntil} />
          </>
        )}
        {reviewedBy !== null && kind === "request" && <>; approved by {reviewedBy}</>}
      </p>
    </Item>
  );
}

function Past({ request }: { request: AccessRequest }) {
  const { roleName, reason, durationSeconds, createdAt, reviewedBy, note, kind } = request;
  return (
    <Item
      title={`${who(request)}: ${roleName}`}
      aside={
        <>
          <RequestState {...request} />
          {kind === "break_glass" && <Badge tone="warning">Emergency</Badge>}
        </>
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        For {durationWords(durationSeconds)}, <RelativeTime value={createdAt} />
        {reviewedBy !== null && <>; answered by {reviewedBy}</>}
      </p>
      {note !== "" && <p className="[overflow-wrap:anywhere]">Note: {note}</p>}
    </Item>
  );
}
