import "server-only";
import { alertOfNewDevice } from "@/lib/authn/sign-in-alert";
import { findDeviceOf } from "@/lib/authn/sign-in-flow";
import {
  consumeTicket,
  findTicketOwner,
  insertTicket,
  type Ticket,
} from "@/lib/authn/sign-in-ticket-store";
import { claimUpstream, holdUpstream } from "@/lib/federation/upstream-sign-out";
import { findSignInRules } from "@/lib/organizations/sign-in-rules";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createSession } from "@/lib/sessions/create-session";
import { renewDeviceSecret } from "@/lib/sessions/known-device";
import { limitSessions } from "@/lib/sessions/limit-sessions";
import { raiseSession } from "@/lib/sessions/raise-session";
import { endKeptSessionsOf, endReplacedSession } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";
import { hours, minutes } from "@/lib/shared/duration";
import { SESSION_LIMITS } from "@/lib/shared/session-level";
import { findSignInSubject } from "@/lib/users/sign-in-record";
import { lockUser } from "@/lib/users/user-identity";

/** The same request redeems it; the minute is for a slow database. */
const TICKET_LIFETIME_SECONDS = minutes(1);

/**
 * Every finished sign-in flow ends here, whatever its factors: one way in (D3). Null
 * where what was proven has been replaced or taken away meanwhile: a password that is
 * verified while a reset commits opens nothing afterwards (INV-2).
 */
export async function issueSignInTicket(ticket: Ticket, tx?: Db): Promise<string | null> {
  const secret = newSecret();
  const hash = hashSecret(secret);
  return (await insertTicket(hash, ticket, TICKET_LIFETIME_SECONDS, newId(), tx)) ? secret : null;
}

export interface RedeemedTicket {
  userId: string;
  email: string;
  sessionSecret: string;
  /** The browser's new one, where it is trusted from now on; whoever copied the former is a stranger. */
  deviceSecret?: string;
}

/** What the browser that signs in brings along; each may be anything or missing. */
export interface BrowserCookies {
  deviceSecret: string | undefined;
  sessionSecret: string | undefined;
  /** Of other accounts that it is signed in to. */
  keptSecrets?: readonly string[];
}

/**
 * Turns a ticket into a session, or raises the one it is for, at most once, and
 * with a new secret either way. A new session ends the one that the browser had,
 * so that nobody goes on with a cookie that was planted or left behind (ATK-32). Null for a used, expired or unknown
 * ticket, for a session that has ended, here or at the provider, and for a user
 * who was disabled or left every organization since it was issued.
 */
export async function redeemSignInTicket(
  ticketSecret: unknown,
  browser: BrowserCookies,
  request: RequestFacts,
): Promise<RedeemedTicket | null> {
  if (!isSecret(ticketSecret)) return null;
  return inTransaction(async (tx) => {
    const owner = await findTicketOwner(hashSecret(ticketSecret), tx);
    if (owner === null) return null;
    // Before the ticket, in the order of whoever voids it: a session is open before or never.
    await lockUser(owner, tx);
    const ticket = await consumeTicket(hashSecret(ticketSecret), tx);
    const subject = ticket && (await findSignInSubject(ticket.userId, tx));
    if (!subject) return null;
    const { userId, acr, amr, sessionId, trustDevice, upstreamId } = ticket;
    const rules = await findSignInRules(subject.organizationId, tx);
    const trustDeviceDays = trustDevice ? rules.trustedDeviceDays : 0;
    const { email, organizationId, lastSignInAt } = subject;
    if (sessionId !== null) {
      const raised = await raiseSession({ userId, sessionId, acr, amr }, request, tx);
      return raised === null ? null : { userId, email, sessionSecret: raised };
    }
    // Signed out at the provider since: there is nothing to come from any more (F74).
    if (upstreamId && !(await holdUpstream(upstreamId, tx))) return null;
    await endReplacedSession(browser.sessionSecret, request, tx);
    await endKeptSessionsOf(userId, browser.keptSecrets ?? [], request, tx);
    const grant = {
      userId,
      organizationId,
      acr,
      amr,
      trustDeviceDays,
      ...longestSession(rules),
    };
    const isNewDevice = (await findDeviceOf(userId, browser.deviceSecret, tx)) === null;
    const { secret, sessionId: opened } = await createSession(
      grant,
      browser.deviceSecret,
      request,
      tx,
    );
    if (upstreamId) await claimUpstream(upstreamId, opened, tx);
    // The very first sign-in comes from a new device by its nature.
    if (isNewDevice && lastSignInAt !== null) {
      await alertOfNewDevice({ userId, email, sessionId: opened }, request, tx);
    }
    const { sessionsMax } = rules;
    if (sessionsMax !== null) {
      await limitSessions(userId, { organizationId, sessionsMax }, request, tx);
    }
    const redeemed = { userId, email, sessionSecret: secret };
    return trustDeviceDays > 0 && isSecret(browser.deviceSecret)
      ? { ...redeemed, deviceSecret: await renewDeviceSecret(browser.deviceSecret, tx) }
      : redeemed;
  });
}

/** How long a session may go on where the organization says so: by its level, or by its own number. */
function longestSession({ sessionLevel, sessionHoursMax }: SignInRules): {
  lifetimeSeconds?: number;
} {
  const limits = [
    ...(sessionLevel === null ? [] : [SESSION_LIMITS[sessionLevel].overallSeconds]),
    ...(sessionHoursMax === null ? [] : [hours(sessionHoursMax)]),
  ];
  return limits.length === 0 ? {} : { lifetimeSeconds: Math.min(...limits) };
}
