import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import type { Browser } from "@/lib/authn/attempt-factor";
import { findRisk } from "@/lib/authn/find-risk";
import { continueSignIn, findDeviceOf, findFlow, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { inspectEmailLink, redeemEmailLink } from "@/lib/credentials/email-code/email-codes";
import type { RequestFacts } from "@/lib/shared/caller";
import type { Proof } from "@/lib/shared/factor";
import { HOME_PATH } from "@/lib/shared/return-to";
import { findUserIdentity } from "@/lib/users/user-identity";

export type LinkState =
  /** `elsewhere`: another browser asked for it. */
  | { state: "pending"; email: string; elsewhere: boolean }
  | { state: "used" | "expired" | "unknown" };

/** What a sign-in link is worth in this browser. Looking never uses it up (F3, ATK-37). */
export async function inspectSignInLink(token: unknown, browser: Browser): Promise<LinkState> {
  const link = await inspectEmailLink(token);
  if (link === null) return { state: "unknown" };
  if (link.state !== "pending") return { state: link.state };
  const user = link.userId === null ? null : await findUserIdentity(link.userId);
  if (user?.status !== "active") return { state: "unknown" };
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  return { state: "pending", email: user.email, elsewhere: flow?.row.id !== link.flowId };
}

export type LinkSignIn =
  | { outcome: "authenticated"; ticket: string; returnTo: string }
  | { outcome: "continue"; flowSecret: string }
  | { outcome: "rejected" };

/**
 * Signs in the browser that the link was opened in, and no other: whoever asked
 * for a link in somebody else's name gets nothing when its owner follows it. A
 * second factor is asked for as ever (ATK-33).
 */
export async function signInWithLink(
  token: unknown,
  browser: Browser,
  request: RequestFacts,
): Promise<LinkSignIn> {
  const asked = await inspectSignInLink(token, browser);
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  const userId = await redeemEmailLink(token);
  const user = userId === null ? null : await findUserIdentity(userId);
  if (asked.state !== "pending" || user?.status !== "active") {
    await recordStandaloneEvent(
      {
        action: "session.rejected",
        outcome: "failure",
        actor: { type: "anonymous" },
        target: user === null ? undefined : { type: "user", id: user.id },
        reason: "email-code: link-spent",
      },
      request,
    );
    return { outcome: "rejected" };
  }
  const returnTo = asked.elsewhere ? HOME_PATH : (flow?.row.returnTo ?? HOME_PATH);
  const proofs: Proof[] = ["email-code"];
  const deviceId = await findDeviceOf(user.id, browser.deviceSecret);
  const riskReasons = await findRisk(user, deviceId, request);
  const progress = { email: user.email, userId: user.id, proofs, riskReasons };
  const next = await nextOf({ purpose: "sign_in", ...progress }, deviceId);
  if (next.step !== "finished") {
    const flowSecret = await continueSignIn(user, proofs, riskReasons, returnTo);
    return { outcome: "continue", flowSecret };
  }
  const ticket = await issueSignInTicket({ userId: user.id, acr: next.acr, amr: next.amr });
  return { outcome: "authenticated", ticket, returnTo };
}
