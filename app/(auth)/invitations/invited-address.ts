import "server-only";
import { findKeptInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { inspectInvitation } from "@/lib/invitations/accept-invitation";

/** For which address this browser has an open invitation; null for none. */
export async function findInvitedAddress(): Promise<string | null> {
  const token = await findKeptInvitation();
  const invitation = token === undefined ? null : await inspectInvitation(token, null);
  return invitation?.state === "pending" ? invitation.email : null;
}
