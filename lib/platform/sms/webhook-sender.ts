import "server-only";
import { getConfig } from "@/lib/platform/config";
import { webhookHeaders } from "@/lib/platform/http/webhook-signature";
import type { SmsSender } from "@/lib/platform/sms/sms-sender";

/**
 * A webhook of the operator's, in the form of Standard Webhooks. The id stays the same when
 * a message is tried again, so that the gateway can drop what it has sent already (ATK-73).
 */
export const webhookSender: SmsSender = {
  name: "webhook",
  isSetUp: () => getConfig().sms.webhook !== null,
  readAt: "telephone",
  async send({ id, kind, recipient, text, expiresAt }, signal) {
    const { webhook } = getConfig().sms;
    if (webhook === null) throw new Error("no SMS webhook is set up");
    const now = new Date();
    const body = JSON.stringify({
      type: "sms.requested",
      timestamp: now.toISOString(),
      data: { to: recipient, text, kind, expiresAt: expiresAt?.toISOString() ?? null },
    });
    const response = await fetch(webhook.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...webhookHeaders([webhook.key], `msg_${id}`, now, body),
      },
      body,
      redirect: "error",
      signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the SMS webhook answered ${response.status}`);
  },
};
