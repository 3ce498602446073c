import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { answerDenials, requireCaller } from "@/app/_http/page";
import {
  endOwnAccessAction,
  withdrawRequestAction,
} from "@/app/(account)/account/requests/actions";
import { EmergencySection } from "@/app/(account)/account/requests/emergency-section";
import { RequestState } from "@/app/(account)/account/requests/request-state";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { listOwnEmergencyRoles } from "@/lib/access-requests/break-glass";
import { durationWords } from "@/lib/access-requests/duration-words";
import { type AccessRequest, listOwnRequests } from "@/lib/access-requests/list-requests";

export const metadata: Metadata = { title: "Requests" };

export default async function RequestsPage() {
  const caller = await requireCaller("/account/requests");
  const requests = await listOwnRequests(caller);
  const emergencyRoles = await answerDenials(() => listOwnEmergencyRoles(caller));
  const ask = (
    <ButtonLink href="/account/requests/new" variant="primary">
      <Plus aria-hidden="true" />
      Ask for a role
    </ButtonLink>
  );
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Requests"
        description="A role that you need for some time only: ask for it, somebody else decides, and it ends by itself."
        actions={requests.length > 0 && ask}
      />
      <div className="space-y-6">
        <Section title="Your requests" flush>
          {requests.length === 0 ? (
            <EmptyState
              title="No requests yet"
              description="Say which role, what for and how long."
              action={ask}
            />
          ) : (
            <ItemList>
              {requests.map((request) => (
                <OwnRequest key={request.id} request={request} />
              ))}
            </ItemList>
          )}
        </Section>
        {emergencyRoles.length > 0 && <EmergencySection roles={emergencyRoles} />}
      </div>
    </div>
  );
}

function OwnRequest({ request }: { request: AccessRequest }) {
  const { roleName, kind, reason, durationSeconds, createdAt, inForceUntil, note } = request;
  return (
    <Item
      title={roleName}
      aside={
        <>
          <RequestState {...request} />
          {kind === "break_glass" && <Badge tone="warning">Emergency</Badge>}
        </>
      }
      actions={<Actions request={request} />}
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        For {durationWords(durationSeconds)}, <RelativeTime value={createdAt} />
        {inForceUntil !== null && (
          <>
            ; ends <AbsoluteTime value={inForceUntil} />
          </>
        )}
      </p>
      {note !== "" && <p className="[overflow-wrap:anywhere]">Answer: {note}</p>}
    </Item>
  );
}

function Actions({ request: { id, roleName, state, inForceUntil } }: { request: AccessRequest }) {
  if (state === "pending") {
    return (
      <ConfirmDialog
        trigger="Withdraw"
        triggerLabel={`Withdraw the request for ${roleName}`}
        title={`Withdraw the request for ${roleName}?`}
        description="Nobody can answer it any more. You can ask again."
        confirmLabel="Withdraw request"
        action={withdrawRequestAction}
        fields={{ requestId: id }}
      />
    );
  }
  if (inForceUntil === null) return null;
  return (
    <ConfirmDialog
      trigger="End now"
      triggerLabel={`End now: the role ${roleName}`}
      title={`End the role ${roleName} now?`}
      description="You lose what it gives from your next request on."
      confirmLabel="End role"
      action={endOwnAccessAction}
      fields={{ requestId: id }}
    />
  );
}
