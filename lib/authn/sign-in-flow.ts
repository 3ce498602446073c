import "server-only";
import { FLOWS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import { type FlowState, nextStep, offersOfAal2, proofsOf, type Step } from "@/lib/authn/next-step";
import { type RiskReason, riskOf } from "@/lib/authn/risk";
import { type FlowRow, findOpenFlow, insertFlow } from "@/lib/authn/sign-in-flow-store";
import { type FlowPolicy, findFlowPolicy } from "@/lib/authn/sign-in-policy-store";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { networkOf } from "@/lib/platform/http/client-address";
import { newId } from "@/lib/platform/id";
import { type Spend, spend } from "@/lib/platform/rate-limit/limiter";
import { findKnownDevice, isTrustedDevice } from "@/lib/sessions/known-device";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import type { FactorKind, Proof } from "@/lib/shared/factor";
import { safeReturnTo } from "@/lib/shared/return-to";
import { findSignInUser } from "@/lib/users/sign-in-record";

/** Long enough to fetch a code from a mailbox, short enough to be forgotten in a library. */
const FLOW_LIFETIME_SECONDS = minutes(15);

/** What strangers are offered for every address, so that it tells nothing of its owner (ATK-38). */
const OFFERED_TO_STRANGERS: readonly FactorKind[] = ["passkey", "password", "email-code"];
const POLICY_FOR_STRANGERS: FlowPolicy = { mfaRequired: false, smsAllowed: false };

/** Pays for a sign-in that begins with nothing proven: a network fills no table with them. */
export const spendFlow = ({ ip }: RequestFacts): Promise<Spend> =>
  spend(FLOWS_PER_SOURCE, networkOf(ip));

/** Begins a sign-in for an address, whoever has it. Returns the secret of the browser's cookie. */
export async function beginSignIn(email: string | null, returnTo: string): Promise<string> {
  const user = email === null ? null : await findSignInUser(email);
  return begun(begin({ purpose: "sign_in", email, userId: user?.id ?? null, returnTo }));
}

/**
 * Begins where somebody has proven something already, such as an identity at a
 * provider. Null where that has been replaced or taken away since the epoch was read (INV-2).
 */
export const continueSignIn = (
  user: { id: string; email: string; epoch: number },
  proofs: Proof[],
  riskReasons: RiskReason[],
  returnTo: string,
  upstreamId: string | null = null,
): Promise<string | null> =>
  begin({
    purpose: "sign_in",
    email: user.email,
    userId: user.id,
    epoch: user.epoch,
    proofs,
    riskReasons,
    returnTo,
    upstreamId,
  });

/** Begins to prove again who the caller is, for this very session. */
export const beginStepUp = ({ principal }: Caller, returnTo: string): Promise<string> =>
  begun(
    begin({
      purpose: "step_up",
      email: principal.email,
      userId: principal.userId,
      sessionId: principal.session.id,
      returnTo,
    }),
  );

/** Nothing has been proven that could have been voided. */
async function begun(secret: Promise<string | null>): Promise<string> {
  const flowSecret = await secret;
  if (flowSecret === null) throw new Error("a flow without an epoch was refused");
  return flowSecret;
}

async function begin(flow: {
  purpose: FlowRow["purpose"];
  email: string | null;
  userId: string | null;
  epoch?: number;
  sessionId?: string;
  proofs?: Proof[];
  riskReasons?: RiskReason[];
  returnTo: string;
  upstreamId?: string | null;
}): Promise<string | null> {
  const secret = newSecret();
  const isBegun = await insertFlow({
    epoch: null,
    sessionId: null,
    proofs: [],
    riskReasons: [],
    upstreamId: null,
    ...flow,
    id: newId(),
    tokenHash: hashSecret(secret),
    returnTo: safeReturnTo(flow.returnTo),
    lifetimeSeconds: FLOW_LIFETIME_SECONDS,
  });
  return isBegun ? secret : null;
}

export interface Flow {
  row: FlowRow;
  /** The known device of this account that the browser is, if any. */
  deviceId: string | null;
  next: Step;
  /** The offers after which this browser may be trusted, unless the risk is high. */
  trustedAfter: FactorKind[];
}

/** The flow that this browser's cookie belongs to, and what comes next in it; null for none. */
export async function findFlow(
  flowSecret: string | undefined,
  deviceSecret: string | undefined,
): Promise<Flow | null> {
  const row = isSecret(flowSecret) ? await findOpenFlow(hashSecret(flowSecret)) : null;
  if (row === null) return null;
  const deviceId = await findDeviceOf(row.userId, deviceSecret);
  const state = await stateOf(row, deviceId);
  const next = nextStep(state);
  return { row, deviceId, next, trustedAfter: offersOfAal2(state, next) };
}

export const findDeviceOf = async (
  userId: string | null,
  deviceSecret: string | undefined,
  db?: Db,
): Promise<string | null> =>
  userId !== null && isSecret(deviceSecret)
    ? findKnownDevice(userId, hashSecret(deviceSecret), db)
    : null;

type Progress = Pick<FlowRow, "purpose" | "email" | "userId"> & {
  proofs: readonly Proof[];
  /** Found when the first factor was given; before that nothing is known. */
  riskReasons?: readonly RiskReason[];
  sessionAmr?: readonly string[] | null;
};

/** What comes next. What a person has is asked for only once they, or their device, are known. */
export async function nextOf(flow: Progress, deviceId: string | null): Promise<Step> {
  return nextStep(await stateOf(flow, deviceId));
}

async function stateOf(
  { purpose, email, userId, proofs, sessionAmr, riskReasons = [] }: Progress,
  deviceId: string | null,
): Promise<FlowState> {
  const identified = email !== null;
  const carried = proofsOf(sessionAmr ?? []);
  if (purpose === "step_up") {
    const [enrolled, { smsAllowed }] =
      userId === null
        ? [[], POLICY_FOR_STRANGERS]
        : await Promise.all([listEnrolledFactors(userId), findFlowPolicy(userId)]);
    return {
      purpose: "step-up",
      identified,
      proofs,
      carried,
      enrolled,
      mfaRequired: false,
      deviceTrusted: false,
      risk: "low",
      smsAllowed,
    };
  }
  const isKnown = userId !== null && (proofs.length > 0 || deviceId !== null);
  const [enrolled, policy, deviceTrusted] = isKnown
    ? await Promise.all([
        listEnrolledFactors(userId),
        findFlowPolicy(userId),
        deviceId !== null && isTrustedDevice(deviceId),
      ])
    : [OFFERED_TO_STRANGERS, POLICY_FOR_STRANGERS, false];
  const risk = riskOf(riskReasons);
  const known = { identified, proofs, carried, enrolled, deviceTrusted, risk };
  return { purpose: "sign-in", ...known, ...policy };
}
