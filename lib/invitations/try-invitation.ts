import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import type { Probe } from "@/lib/authz/impact/probe";
import type { NewInvitation } from "@/lib/invitations/invitation.schema";
import { createInvitation, type InvitationCreation } from "@/lib/invitations/manage-invitations";
import { joinOrganization } from "@/lib/memberships/join-organization";
import type { Caller } from "@/lib/shared/caller";
import { createUser } from "@/lib/users/create-user";

/**
 * What an invitation makes of whoever accepts it, only looked at and taken back: somebody who has
 * just signed up with an address of that domain, with this id. Never of the one whose address it is:
 * what somebody holds, or that there is somebody, is not the inviter's to learn. No mail is sent, and
 * none is spent.
 */
export const tryInvitation = (
  caller: Caller,
  organizationId: string,
  invitation: NewInvitation,
  standInId: string,
  probe: Probe,
): Promise<InvitationCreation> =>
  createInvitation(caller, organizationId, invitation, async () => {}, {
    probe,
    accept: async (tx) => {
      const { userId } = caller.principal;
      const [, domain] = invitation.email.split("@");
      await createUser(
        {
          id: standInId,
          email: `${standInId}@${domain}`,
          name: null,
          status: "pending",
          emailVerified: null,
          organizationId,
          roles: "default",
        },
        actorOfPrincipal(caller.principal),
        caller.request,
        tx,
      );
      await joinOrganization(standInId, organizationId, invitation.roleIds, userId, tx);
    },
  });
