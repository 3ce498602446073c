import { inviteMember } from "@/lib/authn/invite-member";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aRequest } from "@/tests/support/builders";
import { tokenMailedTo } from "@/tests/support/mailbox";

export const anAddress = (): string => `${newId()}@example.com`;

/** An open invitation into the caller's organization, and the secret that was mailed. */
export async function anInvitation(caller: Caller, email = anAddress(), roleIds: string[] = []) {
  const { organizationId } = caller.principal;
  const inviter = { ...caller, request: aRequest() };
  const result = await inviteMember(inviter, organizationId, { email, roleIds });
  if (result.outcome !== "invited") throw new Error(JSON.stringify(result));
  return { id: result.invitation.id, email, token: await tokenMailedTo(email) };
}
