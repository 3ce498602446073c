import "server-only";
import type { OutboxChannel } from "@/generated/prisma/client";
import { log } from "@/lib/platform/log";
import {
  claimDueMessages,
  type DueMessage,
  markSent,
  postpone,
} from "@/lib/platform/outbox/outbox-store";
import { inSpan } from "@/lib/platform/tracing/spans";
import { hours, minutes, seconds } from "@/lib/shared/duration";

const BATCH_SIZE = 20;
/** Longer than the slowest delivery of a batch. */
const LEASE_SECONDS = minutes(5);

/** How long to wait after so many failures: 10 seconds, tripling to six hours. */
export const retryAfterSeconds = (attempts: number): number =>
  Math.min(hours(6), seconds(10) * 3 ** Math.min(attempts - 1, 10));

/**
 * Sends what the outbox holds for a channel and keeps what could not be sent for
 * later; what has expired meanwhile is not sent at all. Returns how many were sent.
 */
export async function deliverDue(
  channel: OutboxChannel,
  send: (message: DueMessage) => Promise<unknown>,
): Promise<number> {
  let sent = 0;
  for (const message of await claimDueMessages(channel, BATCH_SIZE, LEASE_SECONDS)) {
    try {
      await inSpan(
        {
          name: `send ${channel}`,
          kind: "CLIENT",
          attributes: {
            "gatehouse.message.kind": message.kind,
            "gatehouse.message.attempt": message.attempts,
          },
          causedBy: message.traceparent,
        },
        () => send(message),
      );
      await markSent(message.id);
      sent += 1;
    } catch (error) {
      log.warn("a message could not be sent", {
        error,
        action: message.kind,
        count: message.attempts,
      });
      const reason = error instanceof Error ? error.message : "unknown";
      await postpone(message, retryAfterSeconds(message.attempts), reason);
    }
  }
  return sent;
}
