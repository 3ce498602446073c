import "server-only";
import { previewChange } from "@/app/_impact/preview-change";
import { type Invitation, inviteUser } from "@/lib/authn/invite-user";
import type { NewInvitation } from "@/lib/invitations/invitation.schema";
import { tryInvitation } from "@/lib/invitations/try-invitation";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

/** What a new user would hold; nobody is created, and no mail is sent. */
export function previewNewUser(caller: Caller, user: Invitation) {
  const id = newId();
  const newcomer = { id, name: user.name, email: user.email };
  return previewChange(caller, (probe) => inviteUser(caller, user, { id, probe }), {
    userIds: [id],
    newcomer,
  });
}

/** What whoever accepts an invitation would hold in the organization; nobody is invited. */
export function previewInvitation(
  caller: Caller,
  organizationId: string,
  invitation: NewInvitation,
) {
  const id = newId();
  const newcomer = { id, name: null, email: invitation.email };
  return previewChange(
    caller,
    (probe) => tryInvitation(caller, organizationId, invitation, id, probe),
    { userIds: [id], newcomer },
  );
}
