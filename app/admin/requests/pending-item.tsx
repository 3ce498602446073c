import { approveRequestAction, denyRequestAction } from "@/app/admin/requests/actions";
import { Note } from "@/app/admin/requests/note";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { durationWords } from "@/lib/access-requests/duration-words";
import type { PendingRequest } from "@/lib/access-requests/list-requests";

/** Somebody's request with what it would give them, and the two answers. */
export function PendingItem({ request }: { request: PendingRequest }) {
  const { userEmail, userName, roleName, reason, durationSeconds, createdAt, gives } = request;
  return (
    <Item
      title={`${userName ?? userEmail}: ${roleName}`}
      aside={request.own && <Badge>Your own</Badge>}
      actions={<Answers request={request} />}
    >
      <p>
        {userEmail} asked <RelativeTime value={createdAt} />, for {durationWords(durationSeconds)}.
      </p>
      <p className="text-ink [overflow-wrap:anywhere]">{reason}</p>
      <p>{impact(request)}</p>
      <details className="mt-1">
        <summary className="cursor-pointer text-ink">What the role gives ({gives.length})</summary>
        <ul className="mt-1 list-disc pl-5">
          {gives.map(({ key, description }) => (
            <li key={key}>
              {description} <span className="font-mono text-xs">{key}</span>
              {request.gained.includes(key) && <> · gained</>}
            </li>
          ))}
        </ul>
      </details>
    </Item>
  );
}

/** What would change, in words. */
function impact({ gained, gives, durationSeconds }: PendingRequest): string {
  if (gives.length === 0) return "The role gives nothing.";
  if (gained.length === 0) return "They hold all of that already.";
  return `For ${durationWords(durationSeconds)} they could do more: they gain ${gained.join(", ")}.`;
}

function Answers({ request }: { request: PendingRequest }) {
  const { id, userEmail, roleName, durationSeconds, missing, own } = request;
  if (own) return <Badge>Somebody else decides</Badge>;
  if (missing.length > 0) {
    return (
      <p className="max-w-48 text-ink-soft text-sm [overflow-wrap:anywhere]">
        You do not hold {missing.join(", ")}, so somebody else decides.
      </p>
    );
  }
  return (
    <>
      <ConfirmDialog
        trigger="Approve"
        triggerLabel={`Approve ${roleName} for ${userEmail}`}
        variant="primary"
        tone="primary"
        title={`Give ${userEmail} the role ${roleName}?`}
        description={`${impact(request)} It ends by itself after ${durationWords(durationSeconds)}.`}
        confirmLabel="Approve request"
        action={approveRequestAction}
        fields={{ requestId: id }}
      >
        <Note label="Note" />
        <PreviewAnswer />
        <div>
          <PreviewButton />
        </div>
      </ConfirmDialog>
      <ConfirmDialog
        trigger="Deny"
        triggerLabel={`Deny ${roleName} for ${userEmail}`}
        title={`Deny ${userEmail} the role ${roleName}?`}
        description="They are told, with your note, and can ask again."
        confirmLabel="Deny request"
        action={denyRequestAction}
        fields={{ requestId: id }}
      >
        <Note label="Note" />
      </ConfirmDialog>
    </>
  );
}
