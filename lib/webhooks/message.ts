import "server-only";
import { findStreamed } from "@/lib/audit-log/streamed-event";

export const TEST_EVENT = "webhook.test";

/** What there is to say of an event, as Standard Webhooks writes it; null when the event is not kept any more. */
export async function messageOf(delivery: {
  eventType: string;
  createdAt: Date;
  seq: string | null;
  eventId: string | null;
}): Promise<string | null> {
  const { eventType: type, createdAt, seq, eventId } = delivery;
  if (seq === null || eventId === null) {
    const data = { message: "It works." };
    return JSON.stringify({ type, timestamp: createdAt.toISOString(), data });
  }
  const data = await findStreamed(BigInt(seq), eventId);
  return data && JSON.stringify({ type, timestamp: data.at, data });
}
