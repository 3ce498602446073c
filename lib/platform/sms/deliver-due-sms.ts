import "server-only";
import { getConfig } from "@/lib/platform/config";
import { deliverDue } from "@/lib/platform/outbox/deliver-due";
import type { DueMessage } from "@/lib/platform/outbox/outbox-store";
import { webhookHeaders } from "@/lib/platform/sms/webhook-signature";

/** Twenty of these are shorter than the lease of a batch. */
const TIMEOUT_MS = 10_000;

/** Sends the text messages that are due. Without a webhook it leaves all where they are. */
export async function deliverDueSms(): Promise<number> {
  const { webhook } = getConfig().sms;
  return webhook === null ? 0 : deliverDue("sms", (message) => post(webhook, message));
}

/**
 * In the form of Standard Webhooks. The id stays the same when a message is tried
 * again, so that the gateway can drop what it has sent already (ATK-73).
 */
async function post(
  { url, key }: { url: string; key: Buffer },
  { id, kind, recipient, text, expiresAt }: DueMessage,
): Promise<void> {
  const now = new Date();
  const body = JSON.stringify({
    type: "sms.requested",
    timestamp: now.toISOString(),
    data: { to: recipient, text, kind, expiresAt: expiresAt?.toISOString() ?? null },
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...webhookHeaders(key, `msg_${id}`, now, body) },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the SMS webhook answered ${response.status}`);
}
