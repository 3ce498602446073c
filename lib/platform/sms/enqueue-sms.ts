import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { insertMessage } from "@/lib/platform/outbox/outbox-store";

/**
 * Queues a text message in the caller's transaction, to a stored number and never
 * to what a request carries. It is not sent once its lifetime is over.
 */
export const enqueueSms = (
  kind: string,
  number: string,
  text: string,
  lifetimeSeconds: number,
  tx: Db,
): Promise<void> =>
  insertMessage(
    { channel: "sms", kind, recipient: number, subject: "", text, html: "", lifetimeSeconds },
    tx,
  );
