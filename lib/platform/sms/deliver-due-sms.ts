import "server-only";
import { deliverDue } from "@/lib/platform/outbox/deliver-due";
import { smsSender } from "@/lib/platform/sms/sms-senders";

/** Twenty of these are shorter than the lease of a batch. */
const TIMEOUT_MS = 10_000;

/** Sends the text messages that are due. Without a sender it leaves all where they are. */
export async function deliverDueSms(): Promise<number> {
  const sender = smsSender();
  return sender === null
    ? 0
    : deliverDue("sms", (message) => sender.send(message, AbortSignal.timeout(TIMEOUT_MS)));
}
