import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import { SealBroken } from "@/lib/platform/encryption";
import { describeOutboundFailure } from "@/lib/platform/http/outbound-failure";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { webhookHeaders } from "@/lib/platform/http/webhook-signature";
import { newId } from "@/lib/platform/id";
import { log } from "@/lib/platform/log";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { days, hours, minutes, seconds } from "@/lib/shared/duration";
import {
  type Attempt,
  type Claim,
  claimDueDeliveries,
  type DueDelivery,
  markDelivered,
  markUndelivered,
} from "@/lib/webhooks/delivery-store";
import { markFailing, markWorking, switchOffFailing } from "@/lib/webhooks/endpoint-store";
import { webhookSwitchedOffMail } from "@/lib/webhooks/mails";
import { messageOf } from "@/lib/webhooks/message";
import type { SwitchedOffFor } from "@/lib/webhooks/webhook.schema";
import { asWebhook } from "@/lib/webhooks/webhook-right";
import { signingKeysOf } from "@/lib/webhooks/webhook-secrets";

/** How long to wait after so many attempts, as Standard Webhooks suggests; then it is given up. */
const RETRIES = [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14)];

/** What has failed for so long is switched off. */
const FAILING_SECONDS = days(5);

/** Longer than the slowest receiver may take. */
const LEASE_SECONDS = minutes(1);
/** Of one run, so that what is to be stopped stops. */
const RUN_MS = seconds(10) * 1_000;

const WORKING: Claim = { failing: false, perEndpoint: 10, count: 50, leaseSeconds: LEASE_SECONDS };
/** One at a time shows whether it works again. */
const FAILING: Claim = { failing: true, perEndpoint: 1, count: 50, leaseSeconds: LEASE_SECONDS };

/** Sends what is due to receivers that take it, many beside each other; returns how many arrived. */
export async function deliverMessages(): Promise<number> {
  const until = performance.now() + RUN_MS;
  let count = 0;
  while (performance.now() < until) {
    const due = await claimDueDeliveries(WORKING);
    if (due.length === 0) break;
    count += await deliverAll(due);
  }
  return count;
}

/** The same for receivers that took nothing the last time, apart: whoever hangs holds up nobody else. */
export const retryFailingReceivers = async (): Promise<number> =>
  deliverAll(await claimDueDeliveries(FAILING));

async function deliverAll(due: DueDelivery[]): Promise<number> {
  const arrived = await Promise.all(due.map(deliver));
  return arrived.filter(Boolean).length;
}

type Outcome =
  | { kind: "arrived"; attempt: Attempt }
  /** `gone` is what a receiver says that is to be asked no more. */
  | { kind: "failed"; attempt: Attempt; error: string; gone: boolean }
  /** There is nothing any more to say. */
  | { kind: "lost"; attempt: Attempt; error: string };

async function deliver(delivery: DueDelivery): Promise<boolean> {
  const outcome = await attempt(delivery);
  switch (outcome.kind) {
    case "arrived":
      await markDelivered(delivery, outcome.attempt);
      await markWorking(delivery.endpointId);
      return true;
    case "lost":
      await markUndelivered(delivery, outcome.attempt, outcome.error, null);
      return false;
    case "failed":
      log.warn("a webhook message did not arrive", { count: delivery.attempts });
      await keepFailure(delivery, outcome);
      return false;
  }
}

async function attempt(delivery: DueDelivery): Promise<Outcome> {
  // An outage of our own database ends the run here, and says nothing of the receiver.
  const body = await messageOf(delivery);
  if (body === null) {
    const error = "The event is not kept any more.";
    return { kind: "lost", attempt: { status: null, durationMs: 0 }, error };
  }
  return send(delivery, body);
}

async function send(delivery: DueDelivery, body: string): Promise<Outcome> {
  const startedAt = performance.now();
  const took = (status: number | null): Attempt => ({
    status,
    durationMs: Math.round(performance.now() - startedAt),
  });
  const failed = (error: string, status: number | null = null): Outcome => ({
    kind: "failed",
    attempt: took(status),
    error,
    gone: status === 410,
  });
  try {
    const keys = signingKeysOf(delivery.endpointId, delivery);
    const { status, ok } = await outboundFetch(delivery.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Gatehouse-Webhooks/1",
        ...webhookHeaders(keys, `msg_${delivery.id}`, new Date(), body),
      },
      body,
    });
    if (ok) return { kind: "arrived", attempt: took(status) };
    return failed(`The receiver answered ${status}.`, status);
  } catch (error) {
    return failed(
      error instanceof SealBroken
        ? "The secret cannot be read: its key in DATA_ENCRYPTION_KEYS is gone."
        : `Not asked, or not answered: ${describeOutboundFailure(error)}.`,
    );
  }
}

/** Keeps what came of it, and switches off what has failed for too long. */
async function keepFailure(
  delivery: DueDelivery,
  { attempt: made, error, gone }: Extract<Outcome, { kind: "failed" }>,
): Promise<void> {
  const { endpointId, attempts, seq } = delivery;
  // A test is tried once: somebody is looking.
  const retryAfter = seq === null ? null : retryAfterSeconds(attempts);
  const reason: SwitchedOffFor = gone ? "gone" : "failing";
  await inTransaction(async (tx) => {
    await markFailing(endpointId, tx);
    await markUndelivered(delivery, made, error, retryAfter, tx);
    const off = await switchOffFailing(endpointId, reason, gone ? 0 : FAILING_SECONDS, tx);
    if (off === null) return;
    await recordEvent(
      {
        action: "webhook.switched_off",
        outcome: "success",
        actor: { type: "system" },
        reason,
        target: asWebhook(endpointId),
      },
      { requestId: newId(), decisionId: newId(), ip: null, userAgent: null },
      tx,
    );
    if (off.email === null) return;
    const mail = webhookSwitchedOffMail(endpointId, off.name, reason);
    await enqueueMail("webhook-switched-off", off.email, mail, tx);
  });
}

/** Null when there is no further attempt. */
const retryAfterSeconds = (attempts: number): number | null => RETRIES[attempts - 1] ?? null;
