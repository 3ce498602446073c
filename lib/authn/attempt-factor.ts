import "server-only";
import { MAILS_PER_RECIPIENT, REQUESTS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import { judgeFactor } from "@/lib/authn/judge-factor";
import type { Step } from "@/lib/authn/next-step";
import { findFlow, nextOf } from "@/lib/authn/sign-in-flow";
import { advanceFlow, type FlowRow, finishFlow } from "@/lib/authn/sign-in-flow-store";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import type { FactorAnswer, FactorPrompt, FactorRefusal } from "@/lib/credentials/factor";
import { findFactor } from "@/lib/credentials/registry";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { spend } from "@/lib/platform/rate-limit/limiter";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";

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
  | { outcome: "continue"; next: Step }
  | { outcome: "rejected"; reason: FactorRefusal }
  | { outcome: "locked"; retryAfterSeconds: number }
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
 * (ATK-33, DEC-1).
 */
export async function attemptFactor(
  browser: Browser,
  kind: FactorKind,
  answer: FactorAnswer,
  options: { trustDevice: boolean },
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
    },
    request,
  );
  if (judgement.outcome !== "passed") return judgement;
  if (!(await advanceFlow(row, judgement.userId, judgement.proof))) {
    return { outcome: "out-of-order" };
  }
  return proceed(
    {
      ...row,
      userId: judgement.userId,
      proofs: [...row.proofs, judgement.proof],
      step: row.step + 1,
    },
    deviceId,
    options,
  );
}

async function proceed(
  row: FlowRow & { userId: string },
  deviceId: string | null,
  { trustDevice }: { trustDevice: boolean },
): Promise<FactorAttemptResult> {
  const next = await nextOf(row, deviceId);
  if (next.step !== "finished") return { outcome: "continue", next };
  const ticket = await inTransaction(async (tx) =>
    (await finishFlow(row.id, row.step, tx))
      ? issueSignInTicket(
          {
            userId: row.userId,
            acr: next.acr,
            amr: next.amr,
            sessionId: row.sessionId,
            // Only what was proven with a second factor can be spared it.
            trustDevice: trustDevice && row.proofs.length > 1,
          },
          tx,
        )
      : null,
  );
  return ticket === null
    ? { outcome: "out-of-order" }
    : { outcome: "authenticated", ticket, returnTo: row.returnTo };
}

/** Factors whose prompt is a message, which nobody may be flooded with (F120). */
const SENT: readonly FactorKind[] = ["email-code", "sms-code"];

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
  if (email !== null && SENT.includes(kind)) {
    const source = await spend(REQUESTS_PER_SOURCE, networkOf(request.ip));
    const recipient = source.allowed ? await spend(MAILS_PER_RECIPIENT, email) : source;
    if (!recipient.allowed) {
      return { outcome: "limited", retryAfterSeconds: recipient.retryAfterSeconds };
    }
  }
  const subject = { flowId, userId, email, place: placeOf(flow.next) };
  // A link opens a session of its own, and a step-up is about the one that is there.
  return factor.prompt(subject, request, purpose === "step_up" ? "code" : via);
}
