import "server-only";
import type { Browser } from "@/lib/authn/attempt-factor";
import { findRisk } from "@/lib/authn/find-risk";
import { recordVoidedSignIn } from "@/lib/authn/record-voided-sign-in";
import { continueSignIn, findDeviceOf, findFlow, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { inspectEmailLink, redeemEmailLink } from "@/lib/credentials/email-code/email-codes";
import type { RequestFacts } from "@/lib/shared/caller";
import type { Proof } from "@/lib/shared/factor";
import { HOME_PATH } from "@/lib/shared/return-to";
import { findSignInEpoch } from "@/lib/users/sign-in-record";
import { findUserIdentity } from "@/lib/users/user-identity";

export type LinkState =
  /** `elsewhere`: another browser asked for it. */
  | { state: "pending"; userId: string; email: string; elsewhere: boolean }
  | { state: "used" | "expired" | "unknown" };

/** What a sign-in link is worth in this browser. Looking never uses it up (F3, ATK-37). */
export async function inspectSignInLink(token: unknown, browser: Browser): Promise<LinkState> {
  const link = await inspectEmailLink(token);
  if (link === null) return { state: "unknown" };
  if (link.state !== "pending") return { state: link.state };
  const user = link.userId === null ? null : await findUserIdentity(link.userId);
  if (user?.status !== "active") return { state: "unknown" };
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  return {
    state: "pending",
    userId: user.id,
    email: user.email,
    elsewhere: flow?.row.id !== link.flowId,
  };
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
  // Before the link is used up: what is voided afterwards, this voids as well (INV-2).
  const epoch = asked.state === "pending" ? await findSignInEpoch(asked.userId) : null;
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  const userId = await redeemEmailLink(token);
  const user = userId === null ? null : await findUserIdentity(userId);
  if (asked.state !== "pending" || epoch === null || user?.status !== "active") {
    await recordVoidedSignIn(user?.id ?? null, "email-code: link-spent", request);
    return { outcome: "rejected" };
  }
  const returnTo = asked.elsewhere ? HOME_PATH : (flow?.row.returnTo ?? HOME_PATH);
  const proofs: Proof[] = ["email-code"];
  const deviceId = await findDeviceOf(user.id, browser.deviceSecret);
  const riskReasons = await findRisk(user, deviceId, request);
  const progress = { email: user.email, userId: user.id, proofs, riskReasons };
  const next = await nextOf({ purpose: "sign_in", ...progress }, deviceId);
  if (next.step !== "finished") {
    const flowSecret = await continueSignIn({ ...user, epoch }, proofs, riskReasons, returnTo);
    return flowSecret === null
      ? rejectVoided(user.id, request)
      : { outcome: "continue", flowSecret };
  }
  const { acr, amr } = next;
  const ticket = await issueSignInTicket({ userId: user.id, epoch, acr, amr });
  return ticket === null
    ? rejectVoided(user.id, request)
    : { outcome: "authenticated", ticket, returnTo };
}

async function rejectVoided(userId: string, request: RequestFacts): Promise<LinkSignIn> {
  await recordVoidedSignIn(userId, "email-code: voided", request);
  return { outcome: "rejected" };
}
