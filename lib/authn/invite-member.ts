import "server-only";
import { INVITATIONS_PER_ORGANIZATION } from "@/lib/authn/attempt-limits";
import { spendMail } from "@/lib/authn/mail-budget";
import { organizationInvitationMail } from "@/lib/authn/mails";
import type { NewInvitation } from "@/lib/invitations/invitation.schema";
import {
  authorizeInviting,
  createInvitation,
  findOpenAddress,
  INVITATION_LIFETIME_DAYS,
  type InvitationCreation,
  type InvitationRenewal,
  resendInvitation,
  type SendInvitation,
} from "@/lib/invitations/manage-invitations";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { type Spend, spend } from "@/lib/platform/rate-limit/limiter";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";

type Limited = { outcome: "limited"; retryAfterSeconds: number };

const sendMail: SendInvitation = (mail, tx) =>
  enqueueMail(
    "organization-invitation",
    mail.email,
    organizationInvitationMail(mail.organizationName, mail.inviterEmail, mail.secret),
    tx,
    {
      lifetimeSeconds: days(INVITATION_LIFETIME_DAYS),
      sender: { organizationId: mail.organizationId },
    },
  );

/**
 * A few mails an hour to one address, apart from what strangers ask for, who must not keep an
 * organization's invitations away; and no more a day than an organization has use for.
 */
async function spendInvitation(organizationId: string, email: string): Promise<Spend> {
  const recipient = await spendMail(email, `organization ${organizationId} ${email}`);
  return recipient.allowed ? spend(INVITATIONS_PER_ORGANIZATION, organizationId) : recipient;
}

const limited = ({ retryAfterSeconds }: Extract<Spend, { allowed: false }>): Limited => ({
  outcome: "limited",
  retryAfterSeconds,
});

/** Invites an address into the caller's organization and mails it the link, or does nothing. */
export async function inviteMember(
  caller: Caller,
  organizationId: string,
  invitation: NewInvitation,
): Promise<InvitationCreation | Limited> {
  // Asked before anything is spent: who may not invite uses up nothing.
  const authorized = await authorizeInviting(caller, organizationId, invitation);
  if (authorized.outcome === "not-found") return authorized;
  const budget = await spendInvitation(organizationId, invitation.email);
  if (!budget.allowed) return limited(budget);
  return createInvitation(caller, organizationId, invitation, sendMail);
}

/** Mails an open invitation once more, with a link that replaces the former one. */
export async function sendInvitationAgain(
  caller: Caller,
  organizationId: string,
  id: string,
): Promise<InvitationRenewal | Limited> {
  const known = await findOpenAddress(caller, organizationId, id);
  if (known.outcome === "not-found") return known;
  const budget = await spendInvitation(organizationId, known.email);
  if (!budget.allowed) return limited(budget);
  return resendInvitation(caller, organizationId, id, sendMail);
}
