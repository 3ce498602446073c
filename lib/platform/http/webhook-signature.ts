import "server-only";
import "#node-only";
import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A secret of the length that Standard Webhooks suggests. */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(32).toString("base64")}`;

/** The key in a secret as Standard Webhooks writes it; null for what is none. */
export function webhookKeyOf(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null;
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, "base64");
  // "Between 24 bytes and 64 bytes"; and base64 in no other form than its own.
  return key.byteLength >= 24 && key.byteLength <= 64 && key.toString("base64") === text
    ? key
    : null;
}

/**
 * The headers by which a receiver knows that a message is ours, untouched and of now. Several keys
 * sign beside each other, so that a receiver which has one of them takes it.
 */
export function webhookHeaders(
  keys: readonly Buffer[],
  id: string,
  sentAt: Date,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
  const signatures = keys.map(
    (key) =>
      `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
  );
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
