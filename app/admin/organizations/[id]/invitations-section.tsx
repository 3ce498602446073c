import { answerDenials } from "@/app/_http/page";
import { resendInvitationAction, revokeInvitationAction } from "@/app/admin/organizations/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { listInvitations } from "@/lib/invitations/list-invitations";
import type { Invitation } from "@/lib/invitations/manage-invitations";
import type { Caller } from "@/lib/shared/caller";

/** The API has the rest; nobody keeps more waiting. */
const SHOWN_MAX = 100;

/** Who is invited and has not answered. */
export async function InvitationsSection({
  caller,
  organizationId,
  mayManage,
}: {
  caller: Caller;
  organizationId: string;
  mayManage: boolean;
}) {
  const result = await answerDenials(() =>
    listInvitations(caller, organizationId, { limit: SHOWN_MAX }),
  );
  if (result.outcome !== "listed") return null;
  const { invitations, nextCursor } = result;
  return (
    <Section
      title="Open invitations"
      description={invitations.length === 0 ? "Nobody is invited who has not answered." : undefined}
      flush={invitations.length > 0}
    >
      {invitations.length > 0 && (
        <ItemList>
          {invitations.map((invitation) => (
            <InvitationItem
              key={invitation.id}
              invitation={invitation}
              organizationId={organizationId}
              mayManage={mayManage}
            />
          ))}
        </ItemList>
      )}
      {nextCursor !== null && (
        <p className="border-line border-t px-5 py-3 text-ink-soft text-sm sm:px-6">
          The newest {SHOWN_MAX} are shown.
        </p>
      )}
    </Section>
  );
}

function InvitationItem({
  invitation: { id, email, roles, invitedBy, sentCount, expiresAt, hasExpired },
  organizationId,
  mayManage,
}: {
  invitation: Invitation;
  organizationId: string;
  mayManage: boolean;
}) {
  const fields = { id: organizationId, invitationId: id };
  return (
    <Item
      title={email}
      aside={hasExpired && <Badge tone="warning">Expired</Badge>}
      actions={
        mayManage && (
          <>
            <ActionForm action={resendInvitationAction} aria-label={`Send again to ${email}`}>
              {Object.entries(fields).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
              <SubmitButton variant="secondary" size="sm" aria-label={`Send again to ${email}`}>
                Send again
              </SubmitButton>
            </ActionForm>
            <ConfirmDialog
              trigger="Revoke"
              triggerLabel={`Revoke the invitation of ${email}`}
              title={`Take back the invitation of ${email}?`}
              description={<p>Its link opens nothing from then on.</p>}
              confirmLabel="Revoke invitation"
              action={revokeInvitationAction}
              fields={fields}
            />
          </>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">
        {roles.length === 0 ? "Without roles" : `With ${roles.map((role) => role.name).join(", ")}`}
        {invitedBy !== null && `, by ${invitedBy}`}
        {sentCount > 1 && `, sent ${sentCount} times`}
      </p>
      <p>
        {hasExpired ? "Expired" : "Expires"} <RelativeTime value={expiresAt} />
      </p>
    </Item>
  );
}
