import "server-only";
import { REQUESTS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import { findRisk } from "@/lib/authn/find-risk";
import { judgeFactor } from "@/lib/authn/judge-factor";
import { spendMail } from "@/lib/authn/mail-budget";
import type { Step } from "@/lib/authn/next-step";
import { riskOf } from "@/lib/authn/risk";
import { forgetFailures } from "@/lib/authn/sign-in-budget";
import { findDeviceOf, findFlow, nextOf } from "@/lib/authn/sign-in-flow";
import { advanceFlow, type FlowRow, finishFlow } from "@/lib/authn/sign-in-flow-store";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import type { FactorAnswer, FactorPrompt, FactorRefusal } from "@/lib/credentials/factor";
import { findFactor } from "@/lib/credentials/registry";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { AAL2, isAtLeast } from "@/lib/shared/assurance";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";
import type { WorkChallenge } from "@/lib/shared/form-state";
import { holdSignInEpoch } from "@/lib/users/sign-in-record";

/** The cookies by which a browser is told from others. */
export interface Browser {
  flowSecret: string | undefined;
  deviceSecret: string | undefined;
  /** The session that the browser has now, where it is to be raised. */
  sessionId?: string;
}

export type FactorAttemptResult =
  /** Every factor that was asked for has been given. */
  | { outcome: "authenticated"; ticket: string; returnTo: string }
  /** The secret is for the cookie of the flow: whoever has the former one is left behind. */
  | { outcome: "continue"; next: Step; flowSecret: string }
  | { outcome: "rejected"; reason: FactorRefusal }
  | { outcome: "locked"; retryAfterSeconds: number }
  | { outcome: "challenge-required"; challenge: WorkChallenge }
  /** No flow, an ended one, or one that does not ask for this factor now: begin again. */
  | { outcome: "out-of-order" };

/** True when the next step asks for this factor. A passkey may also come first, naming its owner. */
export const isAskedFor = (next: Step, kind: FactorKind): boolean =>
  next.step === "identify" ? kind === "passkey" : "offers" in next && next.offers.includes(kind);

const placeOf = ({ step }: Step): "first" | "second" =>
  step === "second-factor" ? "second" : "first";

/**
 * Takes one answer to what the flow of this browser asks next. A step is passed
 * at most once, in the order that {@link nextOf} decides and in no other
 * (ATK-33, DEC-1). Each passed step replaces the flow's secret, so that nobody who
 * planted or copied the cookie goes on with what its owner has proven (ATK-32).
 */
export async function attemptFactor(
  browser: Browser,
  kind: FactorKind,
  answer: FactorAnswer,
  options: { trustDevice: boolean; proof?: string | undefined },
  request: RequestFacts,
): Promise<FactorAttemptResult> {
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  if (flow === null || !isAskedFor(flow.next, kind)) return { outcome: "out-of-order" };
  // Whoever copied an older cookie of a session must not raise it to get it back (ATK-32).
  if (flow.row.sessionId !== (browser.sessionId ?? null)) return { outcome: "out-of-order" };
  const { row, deviceId, next } = flow;
  const judgement = await judgeFactor(
    {
      flowId: row.id,
      userId: row.userId,
      email: row.email,
      kind,
      answer,
      place: placeOf(next),
      deviceId,
      proof: options.proof,
    },
    request,
  );
  if (judgement.outcome !== "passed") return judgement;
  const flowSecret = newSecret();
  const { userId, email: account, proof } = judgement;
  // Of a flow that knew its user, it was read before the factor was; of any other, with it.
  const epoch = row.epoch ?? judgement.epoch;
  if (epoch === undefined) return { outcome: "out-of-order" };
  // Judged once, when it is known who it is; what comes later in the flow changes nothing of it.
  const riskReasons =
    row.proofs.length === 0 && row.purpose === "sign_in"
      ? await findRisk(
          { id: userId, email: account },
          await findDeviceOf(userId, browser.deviceSecret),
          request,
        )
      : row.riskReasons;
  const passed = { userId, epoch, proof, riskReasons };
  if (!(await advanceFlow(row, passed, hashSecret(flowSecret)))) {
    return { outcome: "out-of-order" };
  }
  return proceed(
    {
      ...row,
      userId,
      epoch,
      account,
      riskReasons,
      proofs: [...row.proofs, proof],
      step: row.step + 1,
    },
    flowSecret,
    deviceId,
    options,
  );
}

async function proceed(
  row: FlowRow & { userId: string; epoch: number; account: string },
  flowSecret: string,
  deviceId: string | null,
  { trustDevice }: { trustDevice: boolean },
): Promise<FactorAttemptResult> {
  const next = await nextOf(row, deviceId);
  if (next.step !== "finished") return { outcome: "continue", next, flowSecret };
  const ticket = await inTransaction(async (tx) =>
    // The user first, in the order of whoever voids a flow.
    (await holdSignInEpoch(row.userId, row.epoch, tx)) && (await finishFlow(row.id, row.step, tx))
      ? issueSignInTicket(
          {
            userId: row.userId,
            epoch: row.epoch,
            acr: next.acr,
            amr: next.amr,
            sessionId: row.sessionId,
            // A code by mail, or a telephone that counts for nothing, must not stand for more later (F21).
            trustDevice:
              trustDevice && isAtLeast(next.acr, AAL2) && riskOf(row.riskReasons) !== "high",
            upstreamId: row.upstreamId,
          },
          tx,
        )
      : null,
  );
  if (ticket === null) return { outcome: "out-of-order" };
  await forgetFailures({ id: row.userId, email: row.account });
  return { outcome: "authenticated", ticket, returnTo: row.returnTo };
}

/** Factors whose prompt is a mail, which nobody may be flooded with (F120). */
const MAILED: readonly FactorKind[] = ["email-code"];

/** Sends the code or makes the challenge that the flow of this browser may ask for next. */
export async function promptFactor(
  browser: Browser,
  kind: FactorKind,
  request: RequestFacts,
  via: "code" | "link" = "code",
): Promise<FactorPrompt | { outcome: "out-of-order" }> {
  const flow = await findFlow(browser.flowSecret, browser.deviceSecret);
  const factor = findFactor(kind);
  if (flow === null || !factor?.prompt || !isAskedFor(flow.next, kind)) {
    return { outcome: "out-of-order" };
  }
  const { id: flowId, userId, email, purpose } = flow.row;
  if (email !== null && MAILED.includes(kind)) {
    const source = await spend(REQUESTS_PER_SOURCE, networkOf(request.ip));
    // Whoever has given a factor, or holds the session to be raised, is no stranger (F120).
    const proven = flow.row.proofs.length > 0 || purpose === "step_up" ? userId : null;
    const recipient = source.allowed ? await spendMail(email, flow.deviceId ?? proven) : source;
    if (!recipient.allowed) {
      return { outcome: "limited", retryAfterSeconds: recipient.retryAfterSeconds };
    }
  }
  const subject = { flowId, userId, email, place: placeOf(flow.next) };
  // A link opens a session of its own, and a step-up is about the one that is there.
  return factor.prompt(subject, request, purpose === "step_up" ? "code" : via);
}
