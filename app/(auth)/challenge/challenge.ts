import "server-only";
import { findCaller } from "@/app/_http/caller";
import type { Browser } from "@/lib/authn/attempt-factor";
import { findDeviceSecret } from "@/lib/authn/device-cookie";
import { findFlowCookie, setFlowCookie } from "@/lib/authn/flow-cookie";
import type { Step } from "@/lib/authn/next-step";
import { type RiskReason, riskOf } from "@/lib/authn/risk";
import { beginSignIn, beginStepUp, findDeviceOf, findFlow, nextOf } from "@/lib/authn/sign-in-flow";
import { isCodeSent } from "@/lib/credentials/email-code/email-codes";
import type { Caller } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";
import { safeReturnTo } from "@/lib/shared/return-to";

export interface Challenge {
  purpose: "sign-in" | "step-up";
  email: string | null;
  next: Step;
  /** The offers that come with the choice to trust this device. */
  trustedAfter: readonly FactorKind[];
  /** Why more is asked than usual. */
  riskReasons: readonly RiskReason[];
  returnTo: string;
  /** Whether the person is known to have one. */
  hasSecondFactor: boolean;
  /** Whether a code by mail was asked for and can still be given. */
  codeSent: boolean;
}

/** The step-up that this browser has begun for this very session, if it still goes on. */
async function findStepUp(caller: Caller, browser: Browser) {
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  return flow?.row.sessionId === caller.principal.session.id ? flow : null;
}

async function findBrowser(): Promise<Browser> {
  return { flowSecret: await findFlowCookie(), deviceSecret: await findDeviceSecret() };
}

/** What this browser is asked for now, or null when it is asked for nothing. */
export async function findChallenge(
  isStepUp: boolean,
  returnTo: unknown,
): Promise<Challenge | null> {
  const browser = await findBrowser();
  if (!isStepUp) {
    const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
    if (flow?.row.purpose !== "sign_in") return null;
    const { email, riskReasons, returnTo: target } = flow.row;
    const { next, trustedAfter } = flow;
    return {
      purpose: "sign-in",
      email,
      next,
      trustedAfter: riskOf(riskReasons) === "high" ? [] : trustedAfter,
      riskReasons,
      returnTo: target,
      hasSecondFactor: true,
      codeSent: await isCodeSent(flow.row.id),
    };
  }
  const caller = await findCaller();
  if (caller === null) return null;
  const { userId, email, secondFactorEnrolled: hasSecondFactor } = caller.principal;
  const flow = await findStepUp(caller, browser);
  const fresh = { purpose: "step_up", email, userId, proofs: [] } as const;
  const next =
    flow?.next ?? (await nextOf(fresh, await findDeviceOf(userId, browser.deviceSecret)));
  const target = safeReturnTo(returnTo);
  return {
    purpose: "step-up",
    email,
    next,
    trustedAfter: [],
    riskReasons: [],
    returnTo: target,
    hasSecondFactor,
    codeSent: flow !== null && (await isCodeSent(flow.row.id)),
  };
}

/**
 * The cookies of the flow that an action works for. A step-up begins with its
 * first action: looking at the page begins nothing.
 */
export async function ensureFlow(isStepUp: boolean, returnTo: unknown): Promise<Browser | null> {
  const browser = await findBrowser();
  if (!isStepUp) return browser;
  const caller = await findCaller();
  if (caller === null) return null;
  const ofSession = { ...browser, sessionId: caller.principal.session.id };
  if ((await findStepUp(caller, browser)) !== null) return ofSession;
  const flowSecret = await beginStepUp(caller, safeReturnTo(returnTo));
  await setFlowCookie(flowSecret);
  return { ...ofSession, flowSecret };
}

/**
 * The cookies of a sign-in in which nobody has said who they are. One that has
 * only begun is used again: the page asks anew whenever a challenge grows old.
 */
export async function ensureNamelessFlow(returnTo: unknown): Promise<Browser> {
  const browser = await findBrowser();
  const target = safeReturnTo(returnTo);
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  if (flow?.next.step === "identify" && flow.row.returnTo === target) return browser;
  const flowSecret = await beginSignIn(null, target);
  await setFlowCookie(flowSecret);
  return { ...browser, flowSecret };
}
