import "server-only";
import { consumeTicket, insertTicket, type Ticket } from "@/lib/authn/sign-in-ticket-store";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createSession } from "@/lib/sessions/create-session";
import { endReplacedSession } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { findSignInSubject } from "@/lib/users/sign-in-record";

/** The same request redeems it; the minute is for a slow database. */
const TICKET_LIFETIME_SECONDS = minutes(1);

/** Every finished sign-in flow ends here, whatever its factors: one way in (D3). */
export async function issueSignInTicket(ticket: Ticket): Promise<string> {
  const secret = newSecret();
  await insertTicket(hashSecret(secret), ticket, TICKET_LIFETIME_SECONDS, newId());
  return secret;
}

export interface RedeemedTicket {
  userId: string;
  email: string;
  sessionSecret: string;
}

/** What the browser that signs in brings along; each may be anything or missing. */
export interface BrowserCookies {
  deviceSecret: string | undefined;
  sessionSecret: string | undefined;
}

/**
 * Turns a ticket into a session, at most once, and ends the session that the
 * browser had, so that nobody goes on with a cookie that was planted or left
 * behind, whatever the way in (ATK-32). Null for a used, expired or
 * unknown ticket, and for a user who was disabled or left every organization
 * since it was issued.
 */
export async function redeemSignInTicket(
  ticketSecret: unknown,
  browser: BrowserCookies,
  request: RequestFacts,
): Promise<RedeemedTicket | null> {
  if (!isSecret(ticketSecret)) return null;
  return inTransaction(async (tx) => {
    const ticket = await consumeTicket(hashSecret(ticketSecret), tx);
    const subject = ticket && (await findSignInSubject(ticket.userId, tx));
    if (!subject) return null;
    await endReplacedSession(browser.sessionSecret, request, tx);
    const { secret } = await createSession(
      {
        userId: ticket.userId,
        organizationId: subject.organizationId,
        acr: ticket.acr,
        amr: ticket.amr,
      },
      browser.deviceSecret,
      request,
      tx,
    );
    return {
      userId: ticket.userId,
      email: subject.email,
      sessionSecret: secret,
    };
  });
}
