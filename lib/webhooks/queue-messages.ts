import "server-only";
import { readStream, type StreamedEvent, streamEnd } from "@/lib/audit-log/streamed-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import { BACKLOG_MAX } from "@/lib/webhooks/backlog";
import { countWaiting, insertDeliveries } from "@/lib/webhooks/delivery-store";
import { holdEndpoint, listBehind, moveOn } from "@/lib/webhooks/endpoint-store";

/** Of one transaction. */
const BATCH_SIZE = 500;
/** Of one run, for each endpoint: one that has been off for long holds up no other. */
const BATCHES_MAX = 20;

/**
 * Makes messages of what has happened since, for every endpoint that wants to know, and returns how
 * many. Messages and how far the endpoint is are committed together: an event becomes one message,
 * and none is passed by, whatever crashes and however many instances try (F113, F128). Whoever does
 * things waits for none of it.
 */
export async function queueMessages(): Promise<number> {
  let count = 0;
  for (const id of await listBehind(await streamEnd())) {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const { queued, more } = await queueBatch(id);
      count += queued;
      if (!more) break;
    }
  }
  return count;
}

const DONE = { queued: 0, more: false };

const queueBatch = (id: string): Promise<{ queued: number; more: boolean }> =>
  inTransaction(async (tx) => {
    const endpoint = await holdEndpoint(id, tx);
    if (endpoint === null) return DONE;
    const room = BACKLOG_MAX - (await countWaiting(id, BACKLOG_MAX, tx));
    if (room <= 0) return DONE;
    const { seq: from, organizationId, eventTypes } = endpoint;
    const { events, seq } = await readStream(from, organizationId, Math.min(room, BATCH_SIZE), tx);
    if (seq === from) return DONE;
    const wanted = events.filter(({ event }) => wants(eventTypes, event));
    const rows = wanted.map(({ seq: at, event: { id: eventId, action } }) => ({
      seq: at,
      id: eventId,
      action,
    }));
    const queued = rows.length === 0 ? 0 : await insertDeliveries(id, rows, tx);
    await moveOn(id, seq, tx);
    return { queued, more: true };
  });

/** Whether one of the types is the action, all of its kind, or everything. */
export function wants(eventTypes: string[], { action }: Pick<StreamedEvent, "action">): boolean {
  const kind = `${action.split(".")[0]}.*`;
  return [action, kind, "*"].some((type) => eventTypes.includes(type));
}
