import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { prisma } from "@/lib/platform/db/client";

type Ticket = Omit<Parameters<typeof issueSignInTicket>[0], "epoch">;

/** Whom a provider vouches for now, whichever it is. */
export async function aProof(userId: string): Promise<{ userId: string; epoch: number }> {
  const { signInEpoch } = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
  return { userId, epoch: signInEpoch };
}

/** The ticket of a flow that has just been finished. */
export async function aTicket(ticket: Ticket): Promise<string> {
  const secret = await issueSignInTicket({ ...ticket, ...(await aProof(ticket.userId)) });
  if (secret === null) throw new Error("the ticket was refused");
  return secret;
}
